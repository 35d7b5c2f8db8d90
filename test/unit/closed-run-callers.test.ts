import { describe, expect, test } from 'vitest';
import type { SubmitOptions } from '../../src/starter/prepare.js';
import { closed, completed, DONE, OTHER_MOVIE, play } from './closed-run-stage.js';
import { ScriptedEngine, type ScriptedRun } from './scripted-engine.js';

const JUST_NOW = { closedAtMs: Date.now() };

interface Row {
  readonly was: string;
  readonly run: () => ScriptedRun;
  /** What `submitOnce` and `start` do: an answer, the code of an error, or a start. */
  readonly submitted: unknown;
  /** What `result` does. */
  readonly result: unknown;
  readonly options?: SubmitOptions;
}

const again = expect.objectContaining({ key: 'key', replayed: false });
const REPLAYED = expect.objectContaining({ key: 'key', replayed: true });
const VIDEO = expect.objectContaining(DONE);
const failed = (failure: string, more?: Partial<ScriptedRun>, movie?: object): ScriptedRun =>
  closed('failed', { failure, ...more }, movie);

const ROWS: readonly Row[] = [
  {
    was: 'completed with another movie',
    run: () => completed(OTHER_MOVIE),
    submitted: 'IdempotencyKeyReused',
    result: VIDEO,
  },
  { was: 'completed', run: () => completed(), submitted: REPLAYED, result: VIDEO },
  { was: 'canceled before', run: () => closed('canceled'), submitted: again, result: 'RenderCancelled' },
  {
    was: 'rejected a moment ago',
    run: () => failed('MovieRejected', JUST_NOW),
    submitted: 'MovieRejected',
    result: 'MovieRejected',
  },
  {
    was: 'rejected a moment ago with another movie',
    run: () => failed('MovieRejected', JUST_NOW, OTHER_MOVIE),
    submitted: again,
    result: 'MovieRejected',
  },
  { was: 'rejected before', run: () => failed('MovieRejected'), submitted: again, result: 'MovieRejected' },
  ...[
    { was: 'ended by another movie at the provider', run: () => failed('IdempotencyKeyReused') },
    { was: 'abandoned', run: () => failed('RenderAbandoned') },
    { was: 'terminated', run: () => closed('terminated') },
    { was: 'timed out', run: () => closed('timed out') },
    { was: 'failed in an unknown way', run: () => failed('TypeError') },
  ].flatMap(({ was, run }) => {
    const error = run().failure === 'IdempotencyKeyReused' ? 'IdempotencyKeyReused' : 'RenderAbandoned';
    return [
      { was, run, submitted: error, result: error },
      { was: `${was}, with \`restart\``, run, submitted: again, result: error, options: { restart: true } },
    ];
  }),
];

describe.each(['submitOnce', 'start', 'result'] as const)('%s meets a run that was', (caller) => {
  test.each(ROWS)('$was', async ({ run, submitted, result, options = {} }) => {
    const engine = new ScriptedEngine(run());
    const expected = caller === 'result' ? result : submitted;
    const got = await play(caller, engine, options);

    const [first, second] = engine.runs;
    const isAgain = expected === again;
    expect(got).toEqual(expected);
    const start = {
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      lookFrom: new Date(first?.startedAtMs ?? 0).toISOString(),
      // After a run in doubt: its close, the submit timeout and the settle window of its options.
      lookUntil:
        options.restart === true
          ? new Date((first?.closedAtMs ?? 0) + (90 + 120) * 1_000).toISOString()
          : undefined,
      lookAccount: options.restart === true ? 'unknown' : undefined,
      after: 'run 1',
    };
    expect(engine.taken).toEqual(isAgain ? [start] : []);
    expect(second === undefined).toBe(!isAgain);
  });
});

test('a result with a video costs one call to the engine', async () => {
  const engine = new ScriptedEngine(completed());
  expect(await play('result', engine)).toEqual(VIDEO);
  expect(engine.calls).toEqual(['result']);
});

test('a result of another workflow under the key is not taken for a video', async () => {
  const engine = new ScriptedEngine(closed('completed', { outcome: 'of another workflow' as never }));
  await play('result', engine);
  expect(engine.calls).toContain('describe');
});
