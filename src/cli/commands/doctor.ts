import type { Command } from 'commander';
import { type Config, readConfig } from '../../config.js';
import { createHttpGet } from '../../json2video/http-get.js';
import { probeAccount } from '../../json2video/probe-account.js';
import { EngineUnavailable } from '../../render/errors.js';
import { messageOf } from '../../text/text.js';
import { GRPC, grpcCode, translateEngineError } from '../../temporal/engine-errors.js';
import { connectClient } from '../../temporal/connect.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { type Check, checkLine, ok, wrong } from './doctor/check.js';
import { engineAway, engineChecks } from './doctor/engine-checks.js';
import { providerChecks } from './doctor/provider-checks.js';
import { readEngine } from './doctor/read-engine.js';
import { probeReceiver, webhookChecks } from './doctor/webhook-checks.js';
import { EXIT } from '../exit-code.js';
import { engineAddress } from '../local/surroundings.js';
import { ownVersion } from '../version.js';

/** `renderonce doctor`: what is wrong with the surroundings, and what to do about it. */
export function doctorCommand(): Command {
  return newCommand('doctor', ['doctor', 'doctor --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      const config = readConfig(process.env);
      const [engine, provider, receiver] = await Promise.all([
        checkEngine(config),
        checkProvider(config),
        probeReceiver(config, Date.now),
      ]);
      const checks = [versionCheck(), ...engine.checks, ...provider, ...webhookChecks(config, receiver)];
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

async function checkEngine(
  config: Config,
): Promise<{ readonly isReachable: boolean; readonly checks: Check[] }> {
  const engine = engineAddress(config);
  const address = engine.connectionOptions.address ?? 'localhost:7233';
  try {
    const client = await connectClient(engine);
    try {
      return { isReachable: true, checks: engineChecks(await readEngine(client, address, config), config) };
    } finally {
      await client.connection.close();
    }
  } catch (thrown) {
    const error = translateEngineError(thrown);
    const isRefusal = [GRPC.permissionDenied, GRPC.unauthenticated].some((code) => code === grpcCode(error));
    const checks = engineAway(messageOf(error), isRefusal);
    return { isReachable: !(error instanceof EngineUnavailable), checks };
  }
}

async function checkProvider(config: Config): Promise<Check[]> {
  const { get, close } = createHttpGet(Date.now);
  try {
    const { apiKey, json2videoUrl: url } = config;
    const probe = await probeAccount(get, { url, apiKey: apiKey?.reveal() ?? '', now: Date.now });
    return providerChecks(probe, config);
  } finally {
    await close();
  }
}
