import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, defaultPayloadConverter } from '@temporalio/client';
import { type Payload, type SearchAttributePair, toPayloads } from '@temporalio/common';
import { encodeUnifiedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js';
import pMap from 'p-map';
import { prepareCall } from '../../src/starter/prepare.js';
import { FIRST_START, startOptions } from '../../src/starter/start-terms.js';
import { ATTRIBUTES, WORKFLOWS } from '../../src/workflows/messages.js';
import { CARD, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

/** Starts that are sent at the same time. */
const AT_ONCE = 40;
const BUDGETS = ['shop', 'mail', 'social', 'archive'];
/** One render in a hundred is in each of these states; all others are done. */
const OPEN = ['held', 'unknown', 'waiting'] as const;

/** Renders that are started; the others are copies of their entries in the index. */
const STARTED = 100;
/** Copies entries of the index: the IDs of a copy are its own, and the copies of an ended render ended within the last weeks. */
const COPY = `
import datetime, sqlite3, sys, uuid
file, times = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(file)
own = ("run_id", "workflow_id", "start_time", "close_time")
def earlier(time, number):
    moved = datetime.datetime.fromisoformat(time[:19]) - datetime.timedelta(hours=6 * number)
    return moved.isoformat(" ") + time[19:]
names = [row[1] for row in db.execute("PRAGMA table_xinfo(executions_visibility)") if row[6] == 0]
db.create_function("new_id", 0, lambda: str(uuid.uuid4()))
db.create_function("earlier", 2, earlier)
shared = ", ".join(name for name in names if name not in own)
where = "WHERE workflow_id LIKE 'order-%-promo'"
for number in range(1, times):
    db.execute(f"INSERT INTO executions_visibility ({shared}, {', '.join(own)}) "
        f"SELECT {shared}, new_id(), 'copy-{number}-' || workflow_id, "
        f"iif(close_time IS NULL, start_time, earlier(start_time, {number})), "
        f"iif(close_time IS NULL, NULL, earlier(close_time, {number})) FROM executions_visibility {where}")
db.commit()
print(db.execute("SELECT count(*) FROM executions_visibility").fetchone()[0])
`;

/**
 * Fills the index of an engine on disk with renders as it shows them after their end. Some are started, without a worker:
 * the engine hands the first workflow task to the client that starts a run, and the client ends it. The others are copies in
 * the engine's file. Returns the number of all entries.
 */
export async function fillIndex(
  { client, taskQueue, engine, folder }: Stage,
  count: number,
): Promise<number> {
  const numbers = Array.from({ length: STARTED }, (_, index) => index);
  await pMap(numbers, (number) => startAndEnd(client, `${taskQueue}-filled`, number), {
    concurrency: AT_ONCE,
  });
  // The index follows a moment later.
  const ended = numbers.filter((number) => OPEN[number % 100] === undefined).length;
  await until('the index has all', async () => {
    const counts = ['Running', 'Completed'].map((status) =>
      client.workflow.count(`WorkflowType="${WORKFLOWS.render}" AND ExecutionStatus="${status}"`),
    );
    const [open, closed] = await Promise.all(counts);
    return open?.count === STARTED - ended && closed?.count === ended;
  });
  let entries = 0;
  await engine.restart(async () => {
    const file = join(folder, 'temporal.db');
    const { stdout } = await promisify(execFile)('python3', ['-c', COPY, file, String(count / STARTED)]);
    entries = Number(stdout);
  });
  return entries;
}

async function startAndEnd(client: Client, taskQueue: string, number: number): Promise<void> {
  const { namespace } = client.options;
  const key = `order-${String(number).padStart(6, '0')}-promo`;
  const template = number % 3 === 0 ? {} : { template: `template-${number % 5}` };
  const call = prepareCall(key, { ...CARD, ...template, comment: key }, {});
  const { args, memo, workflowId } = startOptions(call, FIRST_START, taskQueue);
  const state = OPEN[number % 100];
  const { eagerWorkflowTask } = await client.workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    requestId: key,
    workflowType: { name: WORKFLOWS.render },
    taskQueue: { name: taskQueue },
    input: { payloads: toPayloads(defaultPayloadConverter, ...args) ?? [] },
    memo: { fields: payloadsOf(memo) },
    searchAttributes: {
      indexedFields: encodeUnifiedSearchAttributes(undefined, [...shownOf(number, state)]),
    },
    requestEagerExecution: state === undefined,
  });
  if (state !== undefined) return;
  const { taskToken } = eagerWorkflowTask ?? {};
  if (!taskToken) throw new Error('the engine handed no workflow task to the client that started the run');
  await client.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [END] });
}

/** The command that completes a workflow, by its number in Temporal's protocol. */
const END = { commandType: 4, completeWorkflowExecutionCommandAttributes: {} } as const;

function shownOf(number: number, state: (typeof OPEN)[number] | undefined): SearchAttributePair[] {
  const shown = [
    { key: ATTRIBUTES.state, value: state ?? 'done' },
    { key: ATTRIBUTES.project, value: `Filled${String(number).padStart(10, '0')}` },
  ];
  if (state !== undefined) return shown;
  const spent = { key: ATTRIBUTES.credits, value: 5 };
  return [...shown, spent, { key: ATTRIBUTES.budget, value: BUDGETS[number % BUDGETS.length] ?? '' }];
}

function payloadsOf(members: Readonly<Record<string, unknown>>): Record<string, Payload> {
  const payloads = Object.entries(members).map(([name, value]): [string, Payload] => [
    name,
    defaultPayloadConverter.toPayload(value),
  ]);
  return Object.fromEntries(payloads);
}
