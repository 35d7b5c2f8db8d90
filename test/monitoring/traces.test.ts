import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Renders } from '../../src/starter.js';
import { traceRenders } from '../../src/tracing.js';
import { expectNoProcessLeft, runCommand } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const span = z.object({
  name: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentId: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()),
});
type Span = z.infer<typeof span>;

const memory = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
let stage: Stage;
let folder: string;
let spanFile: string;
let traced: Renders;
beforeAll(async () => {
  provider.register();
  folder = await mkdtemp(join(tmpdir(), 'renderonce-spans-'));
  spanFile = join(folder, 'spans.jsonl');
  stage = await openStage({ provider: { timeScale: 5 } });
  await stage.startReceiver();
  const preload = fileURLToPath(new URL('span-file.mjs', import.meta.url));
  await stage.startWorker({
    RENDERONCE_TRACES: 'on',
    NODE_OPTIONS: `--import ${preload}`,
    SPAN_FILE: spanFile,
  });
  const client = new Client({
    connection: stage.client.connection,
    namespace: stage.engine.namespace,
    interceptors: { workflow: [traceRenders()] },
  });
  traced = new Renders({ client, taskQueue: stage.taskQueue });
});
afterAll(async () => {
  await Promise.all([stage.close(), provider.shutdown()]);
  await rm(folder, { recursive: true });
});

const spansOfWorker = async (): Promise<Span[]> =>
  (await readFile(spanFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => span.parse(JSON.parse(line)));

test("one trace leads from the backend's own span to the provider's request, and to the GET of the end", async () => {
  const key = freshKey('traced');
  memory.reset();
  await trace.getTracer('shop').startActiveSpan('order', async (order) => {
    await traced.render(key, CARD);
    order.end();
  });
  const [call, order] = memory.getFinishedSpans();
  const { traceId } = order?.spanContext() ?? { traceId: '' };
  const spans = (await spansOfWorker()).filter((each) => each.traceId === traceId);
  const named = (name: string): Span | undefined => spans.find((each) => each.name === name);

  expect(call?.name).toBe('StartWorkflow:renderMovie');
  expect(call?.parentSpanContext?.spanId).toBe(order?.spanContext().spanId);
  expect(named('RunActivity:submitMovie')?.parentId).toBe(call?.spanContext().spanId);
  expect(named('RunActivity:submitMovie')?.attributes).toMatchObject({ 'renderonce.key': key });
  expect(named('JSON2Video create')?.parentId).toBe(named('RunActivity:submitMovie')?.spanId);
  expect(named('JSON2Video create')?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
  });
  expect(named('JSON2Video status')?.parentId).toBe(named('RunActivity:confirmMovie')?.spanId);
});

test('a submission whose answer is awaited is in the trace too', async () => {
  memory.reset();
  const key = freshKey('submitted');
  await traced.submitOnce(key, CARD);
  await traced.result(key);
  const [call] = memory.getFinishedSpans();

  expect(call?.name).toBe('UpdateWithStartWorkflow:submit');
  const names = (await spansOfWorker())
    .filter(({ traceId }) => traceId === call?.spanContext().traceId)
    .map(({ name }) => name);
  expect(names).toContain('JSON2Video create');
});

test('a render of a backend without traces leaves none of another, and no header in its history', async () => {
  const key = freshKey('untraced');
  await stage.renders.render(key, CARD);
  const history = JSON.stringify(await stage.client.workflow.getHandle(key).fetchHistory());
  const mine = (await spansOfWorker()).filter(({ attributes }) => attributes['renderonce.key'] === key);

  expect(history).not.toContain('_tracer-data');
  expect(mine.find(({ name }) => name === 'RunActivity:submitMovie')?.parentId).toBeUndefined();
});

test('a worker that is to make traces without the package says what to install', async () => {
  const hook = `export const resolve = (name, context, next) => {
    if (name === '@opentelemetry/api' && !context.parentURL.includes('node_modules')) throw new Error('absent');
    return next(name, context);
  };`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asModule(hook))});`;
  const { code, stdout } = await runCommand(['worker', '--json'], {
    ...stage.env,
    RENDERONCE_TRACES: 'on',
    NODE_OPTIONS: `--import ${asModule(register)}`,
  });

  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'ConfigInvalid', next: expect.stringContaining('npm install @opentelemetry/api') },
  });
});

const asModule = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
