import type { Command } from 'commander';
import { type CommonOptions, EXIT, newCommand, run } from '../command.js';
import { type Check, checkLine, ok, wrong } from './doctor/check.js';
import { checkEngine } from './doctor/engine-checks.js';
import { checkKeeping } from './doctor/keep-check.js';
import { checkList } from './doctor/list-check.js';
import { checkProvider } from './doctor/provider-checks.js';
import { checkWebhooks } from './doctor/webhook-checks.js';
import { engineOf } from '../connect.js';
import { type Config, readConfig } from '../../config.js';
import { createJson2Video } from '../../json2video/client.js';
import { requireNamespaceOfMarks } from '../../json2video/namespaces-in-list.js';
import { ConfigInvalid } from '../../render/errors.js';
import { ownVersion } from '../../worker/own-version.js';

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

type Environment = Readonly<Record<string, string | undefined>>;

/** Checks a restored engine's namespace against the marks in the provider's list; without a restore there is nothing to check. */
async function checkNamespaceOfMarks(config: Config, env: Environment): Promise<Check[]> {
  const { lookFrom, apiKey, json2videoUrl: url } = config;
  if (lookFrom === undefined || apiKey === undefined) return [];
  const { namespace } = engineOf(config);
  const json2video = createJson2Video({ url, apiKey: apiKey.reveal(), now: Date.now, env });
  try {
    await requireNamespaceOfMarks(json2video, namespace, lookFrom);
    return [
      ok('restore', `each first submission is looked for from ${lookFrom} on, in namespace ${namespace}`),
    ];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return [wrong('restore', error.message, error.next)];
  } finally {
    await json2video.close();
  }
}
