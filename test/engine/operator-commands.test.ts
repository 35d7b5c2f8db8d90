import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { runOnTerminal } from '../support/terminal.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const RUN = freshKey('run');
const DONE = `${RUN}-done "quoted"`;
const WAITING = [`${RUN}-waiting-1`, `${RUN}-waiting-2`, `${RUN}-waiting-3`];

let stage: Stage;
let project = '';

/** One render that is done, and three that nobody submits: their task queue has no worker. */
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
  ({ project } = await stage.renders.render(DONE, CARD));
  const idle = new Renders({ client: stage.client, taskQueue: 'nobody' });
  await stage.client.workflow.start('notOurs', {
    taskQueue: 'nobody',
    workflowId: `${RUN}-not-ours`,
    args: [],
  });
  for (const key of WAITING) await idle.start(key, CARD);
  await until('all are in the index', async () => (await listed('--key-prefix', RUN)).length === 4);
}, 120_000);

afterAll(() => stage.close());

/** Submits a render of which the provider's status is `running` for the first checks, 5 s apart. */
async function submitSlow(what: string): Promise<string> {
  const key = freshKey(what);
  const script = ['running', 'running', 'running', 'done'];
  await stage.fake.fault({ match: { key }, effect: { kind: 'state', script } });
  await stage.renders.submitOnce(key, CARD, { webhook: false });
  return key;
}

async function json(...args: string[]): Promise<Record<string, unknown> & { code: unknown }> {
  const { code, stdout } = await callCommand([...args, '--json'], stage.env);
  return { ...(JSON.parse(stdout) as Record<string, unknown>), code };
}

async function listed(...args: string[]): Promise<string[]> {
  const { renders } = (await json('list', ...args)) as unknown as { renders: { key: string }[] };
  return renders.map(({ key }) => key).toSorted();
}

test('list finds renders by state, time, project, beginning of the key and query, and nothing but renders', async () => {
  const all = [DONE, ...WAITING].toSorted();

  expect(await listed('--key-prefix', RUN)).toEqual(all);
  expect(await listed('--key-prefix', DONE)).toEqual([DONE]);
  expect(await listed('--key-prefix', `${RUN}-done "other`)).toEqual([]);
  expect(await listed('--project', project)).toEqual([DONE]);
  expect(await listed('--project', '" OR WorkflowType!="')).toEqual([]);
  expect(await listed('--state', 'done', '--key-prefix', RUN)).toEqual([DONE]);
  expect(await listed('--until', '2026-01-01T00:00:00Z')).toEqual([]);
  expect(await listed('--since', '2026-01-01', '--query', 'ExecutionStatus="Running"')).toEqual(WAITING);
  expect(await listed('--query', 'WorkflowId="x") OR (WorkflowType!="renderMovie"')).toEqual([]);
  expect(await json('list', '--query', 'Nonsense=')).toMatchObject({
    code: 2,
    error: { code: 'OptionsInvalid', message: expect.stringContaining('refuses the query') },
  });
  expect(await json('list', '--until', 'never')).toMatchObject({ code: 2 });
}, 120_000);

test('list prints the renders that started last, the newest first, and says how many there are', async () => {
  const newest = [...WAITING].toReversed();
  const filter = ['--key-prefix', `${RUN}-waiting`];
  const two = { renders: newest.slice(0, 2).map((key) => ({ key })), total: 3 };
  expect(await json('list', ...filter, '--limit', '2')).toMatchObject(two);
  expect(await json('list', ...filter)).toMatchObject({ renders: newest.map((key) => ({ key })), total: 3 });
  const cut = await callCommand(['list', ...filter, '--limit', '2'], stage.env);
  expect(cut.stderr).toBe('first 2 of 3; --limit N or --all prints more\n');
  const all = await callCommand(['list', ...filter, '--all'], stage.env);
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout.trim().split('\n')).toHaveLength(4);
  // The index finds no quote, so only reading the list can tell the number.
  const vague = await callCommand(['list', '--key-prefix', DONE, '--limit', '1'], stage.env);
  expect(vague.stderr).toBe('first 1, there may be more; --limit N or --all prints more\n');
});

test('list shows the columns that a person asks for, aligned under their names', async () => {
  const args = ['list', '--key-prefix', RUN, '--columns', 'key,state,project,closedAt'];
  const { code, screen } = await runOnTerminal(args, stage.env);
  const lines = screen.split('\r\n');

  expect(code).toBe(0);
  expect(lines[0]).toMatch(/^key +state +project +closedAt$/);
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${DONE} +done +${project} +2.*Z$`)));
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${WAITING[0]} +submitting +- +-$`)));
  expect((await callCommand(['list', '--columns', 'colour'], stage.env)).code).toBe(2);
});

test('open prints the page of the run in the Temporal UI, and opens it in the browser when asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-open-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const opened = join(folder, 'opened');
  await writeFile(
    join(folder, opener),
    `#!/bin/sh\necho "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`,
  );
  await chmod(join(folder, opener), 0o755);
  const { runId } = await stage.client.workflow.getHandle(DONE).describe();
  const url = `${stage.engine.uiUrl}/namespaces/${stage.engine.namespace}/workflows/${encodeURIComponent(DONE)}/${runId}/timeline`;
  const env = { ...stage.env, PATH: `${folder}:/usr/bin:/bin` };

  expect(await json('open', DONE, '--ui', stage.engine.uiUrl)).toEqual({
    code: 0,
    key: DONE,
    url,
    opened: false,
  });
  const ran = await callCommand(['open', DONE, '--ui', stage.engine.uiUrl, '--browser'], env);
  expect(ran).toMatchObject({ code: 0, stdout: `${url}\n` });
  expect(await until('the browser was asked', () => readFile(opened, 'utf8').catch(() => undefined))).toBe(
    `${url}\n`,
  );
  const without = await callCommand(['open', DONE, '--ui', stage.engine.uiUrl, '--browser'], {
    ...stage.env,
    PATH: '/nowhere',
  });
  expect(without).toMatchObject({
    code: 0,
    stdout: `${url}\n`,
    stderr: expect.stringContaining('no browser'),
  });
  expect(await json('open', freshKey('nobody'))).toMatchObject({ code: 2, error: { code: 'KeyNotFound' } });
});

test.concurrent(
  'watch draws a few lines over and over on a terminal until the render is closed, then prints the outcome',
  async () => {
    const key = await submitSlow('watched');
    const { code, screen } = await runOnTerminal(['watch', key], stage.env);

    expect(code).toBe(0);
    expect(screen).toContain(`${key}: rendering, project`);
    expect(screen).toMatch(/watched for \d+ s[^]*watched for \d+ s/);
    // Up, and erased: what was drawn is drawn over.
    expect(screen).toContain('A\u001b[J');
    expect(screen).toMatch(new RegExp(`${key}: done, project [A-Za-z0-9]{16}\r\n  http://`));
  },
);

test.concurrent(
  'watch tells each change in a line where nothing can be drawn over, and all of them as JSON',
  async () => {
    const key = await submitSlow('logged');
    const logged = await callCommand(['watch', key], stage.env);

    expect(logged.stderr).toMatch(/^ {3}\d s {2}rendering; project [A-Za-z0-9]{16}/);
    expect(logged.stderr).toMatch(/\d s {2}done; project/);
    expect(logged.stderr).not.toContain('\u001b');
    expect(logged.stdout).toContain(`${key}: done`);
    expect(await json('watch', key)).toMatchObject({
      code: 0,
      status: 'done',
      key,
      changes: [{ at: expect.any(String), state: 'done', project: expect.any(String), attempts: 1 }],
    });
  },
);

test('a person is asked before many renders are cancelled, and nothing else than running renders is', async () => {
  const query = `WorkflowId STARTS_WITH "${RUN}") OR (WorkflowType="notOurs"`;
  const asked = { prompt: '[y/N]', answer: 'n' };
  const refused = await runOnTerminal(['cancel', '--query', query], stage.env, asked);

  expect(refused.screen).toContain(`  ${WAITING[0]}: submitting`);
  expect(refused.screen).toContain('Cancel 3 renders, 0 of them accepted and paid for? [y/N]');
  expect(refused.screen).toContain('not confirmed: nothing was cancelled');
  expect(refused.code).toBe(2);
  expect(await listed('--query', 'ExecutionStatus="Running"')).toEqual(WAITING);

  expect(await json('cancel', '--query', query)).toEqual({
    code: 0,
    query,
    matched: 3,
    cancelRequested: 3,
    failures: [],
  });
  for (const key of WAITING) {
    const { events = [] } = await stage.client.workflow.getHandle(key).fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toHaveLength(1);
  }
  const { events } = await stage.client.workflow.getHandle(`${RUN}-not-ours`).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toEqual([]);
  expect(await json('cancel')).toMatchObject({ code: 2, error: { code: 'OptionsInvalid' } });
});
