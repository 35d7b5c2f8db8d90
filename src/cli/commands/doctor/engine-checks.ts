import type { Config } from '../../../config.js';
import { isSuitableServer, OLDEST_SERVER } from '../../../engine/index.js';
import type { EngineSetup } from '../../../temporal/namespace.js';
import { type Check, ok, wrong } from './check.js';

/** What an engine that answers tells of itself. */
export interface EngineFacts {
  readonly address: string;
  readonly serverVersion: string;
  readonly setup: EngineSetup;
  readonly hasWorker: boolean;
}

/** The checks of an engine that does not answer, or lets us ask nothing. */
export function engineAway(message: string, isRefusal = false): Check[] {
  const fix = isRefusal
    ? 'correct TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or the client certificate'
    : 'start Temporal (a local one: `renderonce dev`) or correct TEMPORAL_ADDRESS';
  return [wrong('engine', message, fix)];
}

/** The checks of an engine that answers. */
export function engineChecks(
  { address, serverVersion, setup, hasWorker }: EngineFacts,
  config: Config,
): Check[] {
  const oldest = `${OLDEST_SERVER.major}.${OLDEST_SERVER.minor}`;
  const answers = `${address} answers, server ${serverVersion}`;
  return [
    isSuitableServer(serverVersion)
      ? ok('engine', answers)
      : wrong('engine', answers, `renders need server ${oldest} or newer: upgrade it`),
    ...namespaceChecks(setup, config),
    hasWorker
      ? ok('workers', `at least one polls task queue ${config.taskQueue}`)
      : wrong(
          'workers',
          `none polls task queue ${config.taskQueue}: renders wait`,
          'start `renderonce worker` with this namespace, and the same RENDERONCE_TASK_QUEUE',
        ),
  ];
}

function namespaceChecks(setup: EngineSetup, { keyMemoryDays }: Config): Check[] {
  const { namespace, retentionDays, missingSearchAttributes } = setup;
  const setUp = 'run `renderonce setup`';
  if (retentionDays === undefined) return [wrong('namespace', `there is no namespace ${namespace}`, setUp)];
  const remembers = `closed keys are remembered for ${retentionDays} days, ${keyMemoryDays} are asked for`;
  return [
    ok('namespace', namespace),
    retentionDays >= keyMemoryDays
      ? ok('key memory', remembers)
      : wrong(
          'key memory',
          `${remembers}: a key used again later than that is paid for again`,
          `${setUp}, lengthen the retention where the namespace is managed, or lower RENDERONCE_KEY_MEMORY_DAYS`,
        ),
    missingSearchAttributes.length === 0
      ? ok('search attributes', 'registered')
      : wrong(
          'search attributes',
          `${missingSearchAttributes.join(', ')} is missing: no render starts`,
          setUp,
        ),
  ];
}
