import type { Client } from '@temporalio/client';
import type { Config } from '../../../config.js';
import { isSuitableServer, OLDEST_SERVER } from '../../../engine/index.js';
import { EngineUnavailable } from '../../../render/errors.js';
import { ENGINE_CALL_MS } from '../../../render/limits.js';
import { hasBudget } from '../../../temporal/budgets.js';
import { connectClient } from '../../../temporal/connect.js';
import { GRPC, grpcCode, translateEngineError } from '../../../temporal/engine-errors.js';
import { type EngineSetup, readEngineSetup } from '../../../temporal/namespace.js';
import { messageOf } from '../../../text/text.js';
import { engineOf } from '../../connect.js';
import { type Check, ok, wrong } from './check.js';
import { readVersionFacts, versionChecks, type VersionFacts } from './version-checks.js';

/** Asks the engine, and returns its checks. */
export async function checkEngine(
  config: Config,
): Promise<{ readonly isReachable: boolean; readonly checks: Check[] }> {
  const engine = engineOf(config);
  const { address } = engine.connectionOptions;
  try {
    const client = await connectClient(engine);
    try {
      return { isReachable: true, checks: engineChecks(await readEngine(client, address, config), config) };
    } finally {
      await client.connection.close();
    }
  } catch (thrown) {
    const error = translateEngineError(thrown);
    return { isReachable: !(error instanceof EngineUnavailable), checks: [silentEngine(error)] };
  }
}

/** Facts that an answering engine reports. */
interface AnsweringEngine {
  readonly address: string;
  readonly serverVersion: string;
  readonly setup: EngineSetup;
  /** Absent if there is no namespace. */
  readonly workers?: VersionFacts | undefined;
  /** Whether there is the budget of RENDERONCE_BUDGET; absent if that is not set. */
  readonly hasBudget?: boolean | undefined;
}

async function readEngine(client: Client, address: string, config: Config): Promise<AnsweringEngine> {
  const { budget } = config;
  const setup = await readEngineSetup(client);
  return client.withDeadline(Date.now() + ENGINE_CALL_MS, async () => {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return {
      address,
      serverVersion,
      setup,
      // An absent namespace has no task queues.
      workers:
        setup.retentionDays === undefined ? undefined : await readVersionFacts(client, address, config),
      hasBudget: budget === undefined ? undefined : await hasBudget(client, budget),
    };
  });
}

/** Returns the check of an engine that does not answer, or refuses every question. */
function silentEngine(error: unknown): Check {
  const isRefusal = [GRPC.permissionDenied, GRPC.unauthenticated].some((code) => code === grpcCode(error));
  const fix = isRefusal
    ? 'correct TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or the client certificate'
    : 'start Temporal (a local one: `renderonce dev`) or correct TEMPORAL_ADDRESS';
  return wrong('engine', messageOf(error), fix);
}

/** Returns the checks of an engine that answers. */
export function engineChecks(engine: AnsweringEngine, config: Config): Check[] {
  const oldest = `${OLDEST_SERVER.major}.${OLDEST_SERVER.minor}`;
  const answers = `${engine.address} answers, server ${engine.serverVersion}`;
  return [
    isSuitableServer(engine.serverVersion)
      ? ok('engine', answers)
      : wrong('engine', answers, `renders need server ${oldest} or newer: upgrade it`),
    ...namespaceChecks(engine.setup, config),
    workerCheck(engine, config),
    ...(engine.workers === undefined ? [] : versionChecks(engine.workers)),
    ...budgetChecks(engine, config),
  ];
}

function workerCheck({ workers }: AnsweringEngine, { taskQueue }: Config): Check {
  const { hasUnversioned = false, versions = [] } = workers?.serving ?? {};
  if (hasUnversioned || versions.length > 0)
    return ok('workers', `at least one polls task queue ${taskQueue}`);
  return wrong(
    'workers',
    `none polls task queue ${taskQueue}: renders wait`,
    'start `renderonce worker` with this namespace, and the same RENDERONCE_TASK_QUEUE',
  );
}

function budgetChecks({ hasBudget: isThere }: AnsweringEngine, { budget = '' }: Config): Check[] {
  if (isThere === undefined) return [];
  if (isThere) return [ok('budget', `${budget} pays for renders that name none`)];
  return [
    wrong(
      'budget',
      `there is no budget ${budget}: renders that name none wait`,
      `run \`renderonce budget set ${budget}\`, or correct RENDERONCE_BUDGET`,
    ),
  ];
}

function namespaceChecks(setup: EngineSetup, { keyMemoryDays }: Config): Check[] {
  const { namespace, retentionDays } = setup;
  const setUp = 'run `renderonce setup`';
  if (retentionDays === undefined) return [wrong('namespace', `there is no namespace ${namespace}`, setUp)];
  const remembers = `closed keys are remembered for ${retentionDays} days, ${keyMemoryDays} are required`;
  return [
    ok('namespace', namespace),
    retentionDays >= keyMemoryDays
      ? ok('key memory', remembers)
      : wrong(
          'key memory',
          `${remembers}: a key that is used again later is paid for again`,
          `${setUp}, lengthen the retention of a managed namespace yourself, or lower RENDERONCE_KEY_MEMORY_DAYS`,
        ),
    searchAttributeCheck(setup, setUp),
  ];
}

function searchAttributeCheck(
  { missingSearchAttributes: missing, mistypedSearchAttributes: mistyped = [] }: EngineSetup,
  setUp: string,
): Check {
  const name = 'search attributes';
  if (mistyped.length > 0) {
    const message = `${mistyped.join(', ')} is of another type than Keyword (RenderCredits: Int): no render starts`;
    return wrong(name, message, 'use another namespace, or another database file for a local engine');
  }
  if (missing.length === 0) return ok(name, 'registered');
  return wrong(name, `${missing.join(', ')} is missing: no render starts`, setUp);
}
