import type { Command } from 'commander';
import { readConfig } from '../../config.js';
import { type CommonOptions, EXIT, newCommand, ownVersion, run } from '../command.js';
import { type Check, checkLine, ok, wrong } from './doctor/check.js';
import { checkEngine } from './doctor/engine-checks.js';
import { checkKeeping } from './doctor/keep-check.js';
import { checkList } from './doctor/list-check.js';
import { checkNamespaceOfMarks } from './doctor/namespace-check.js';
import { checkProvider } from './doctor/provider-checks.js';
import { checkWebhooks } from './doctor/webhook-checks.js';

/** Creates `renderonce doctor`, which says what is wrong around the renders and how to correct it. */
export function doctorCommand(): Command {
  return newCommand('doctor', ['doctor', 'doctor --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      const config = readConfig(process.env);
      const [engine, ...others] = await Promise.all([
        checkEngine(config),
        checkProvider(config, process.env),
        checkList(config, process.env),
        checkNamespaceOfMarks(config, process.env),
        checkWebhooks(config),
        checkKeeping(config),
      ]);
      const checks = [versionCheck(), ...engine.checks, ...others.flat()];
      const isFine = checks.every(({ level }) => level !== 'wrong');
      output.result({ ok: isFine, checks }, checks.map(checkLine));
      if (!engine.isReachable) return EXIT.unreachable;
      return isFine ? 0 : EXIT.outcome;
    }),
  );
}

function versionCheck(): Check {
  const message = `renderonce ${ownVersion()} on Node ${process.versions.node}`;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isSuitable = major > 20 || (major === 20 && minor >= 19);
  return isSuitable ? ok('versions', message) : wrong('versions', message, 'use Node 20.19 or newer');
}
