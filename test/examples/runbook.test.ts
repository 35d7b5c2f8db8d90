import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Doubt, HELD_WITHIN_MS } from '../support/doubt.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft, type Ran } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const runbook = await readFile(`${ROOT}/docs/runbook.md`, 'utf8');
const MOVIE = `${ROOT}/examples/movies/hello-card.json`;

/** The commands of one chapter, in their order. */
function commandsOf(chapter: string): string[] {
  const from = runbook.indexOf(`## ${chapter}`);
  const text = runbook.slice(from, runbook.indexOf('\n## ', from + 1) >>> 0);
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
}

const adopt = freshKey('adopt');
const resubmit = freshKey('resubmit');
const abandon = freshKey('abandon');
const orphan = freshKey('orphan');

let stage: Stage;
let doubt: Doubt;

beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  doubt = new Doubt(stage);
  await stage.hostWorker();
  const keys = [adopt, resubmit, abandon, orphan];
  await Promise.all(keys.map((key) => doubt.lose(key, key === adopt || key === orphan)));
  await Promise.all(keys.map((key) => doubt.isIn(key, 'held')));
}, HELD_WITHIN_MS);
afterAll(() => stage.close());

/** Runs a command of the runbook as it stands, with its placeholders filled. */
function follow(command: string, filled: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const placeholders = {
    DAY: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
    MOVIE,
    ...filled,
  };
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  const [name, ...args] = words.map(
    (word) =>
      Object.entries(placeholders).find(([placeholder]) => placeholder === word)?.[1] ??
      word.replaceAll('"', ''),
  );
  expect(name).toBe('renderonce');
  return callCommand(args, stage.env);
}

test('a held key: found, read, audited, and decided in each of the three ways', async () => {
  const [list = '', status = '', audit = '', ...decisions] = commandsOf('A key is held');
  expect((await follow(list)).stdout).toContain(adopt);
  expect((await follow(status, { KEY: adopt })).stdout).toContain('Nothing is sent until a person decides');
  // By now the list shows it.
  await stage.fake.clearFaults();
  const [project = ''] = await doubt.paid(adopt);
  const audited = await follow(audit);
  expect(audited).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(new RegExp(`ORPHANS[^]*${project}`)),
  });

  expect(decisions).toHaveLength(4);
  const [toAdopt = '', toResubmit = '', toAbandon = '', after = ''] = decisions;
  expect(await follow(toAdopt, { KEY: adopt, PROJECT: project })).toMatchObject({ code: 0 });
  expect(await follow(toResubmit, { KEY: resubmit })).toMatchObject({ code: 0 });
  expect(await follow(toAbandon, { KEY: abandon })).toMatchObject({ code: 0 });
  expect((await follow(after, { KEY: abandon })).stdout).toContain(`${abandon}: abandoned`);
  expect(await stage.renders.result(adopt)).toMatchObject({ project });
  expect(await stage.renders.result(resubmit)).toMatchObject({ status: 'done' });
}, 200_000);

test('renders that wait for credits: found, read, and submitted again once they were rejected', async () => {
  const [waiting = '', status = '', rejected = '', submit = '', ...rest] =
    commandsOf('Renders wait for credits');
  expect(rest).toEqual([]);
  const key = freshKey('waiting');
  const account = await stage.fake.fault({ match: {}, effect: { kind: 'account', problem: 'no-credits' } });
  await stage.renders.start(key, CARD, { submitPatienceSeconds: 20 });
  await doubt.isIn(key, 'waiting');
  expect((await follow(waiting)).stdout).toContain(key);
  expect((await follow(status, { KEY: key })).stdout).toContain('waiting for credits');
  await doubt.isIn(key, 'rejected');
  await stage.fake.removeFault(account);
  expect((await follow(rejected)).stdout).toContain(key);
  // Another movie than the one of the start: the key is free for any.
  expect(await follow(submit, { KEY: key })).toMatchObject({ code: 0 });
  expect(await doubt.paid(key)).toHaveLength(1);
}, 200_000);

test('an audit that finds an orphan hands it to its key, and is clean the next time', async () => {
  const [daily = '', handOver = '', status = '', ...rest] = commandsOf('An audit finds something');
  expect(rest).toEqual([]);
  expect(await follow(daily)).toMatchObject({ code: 1, stdout: expect.stringContaining(orphan) });
  expect((await follow(handOver)).stdout).toContain('The key has adopted');
  await stage.renders.result(orphan);
  expect(await follow(daily)).toMatchObject({ code: 0 });
  expect((await follow(status, { KEY: orphan })).stdout).toContain(`${orphan}: done`);
}, 200_000);
