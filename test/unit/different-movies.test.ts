import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import {
  IdempotencyKeyReused,
  RenderCancelled,
  RenderFailed,
  RenderTimedOut,
} from '../../src/render/errors.js';
import { nextVersion } from '../../src/render/next-version.js';
import type { Outcome, UnfinishedOutcome } from '../../src/render/outcome.js';
import type { SubmitOptions } from '../../src/starter/prepare.js';
import { Renders } from '../../src/starter.js';
import { closed, DONE } from './closed-run-stage.js';
import { ScriptedEngine, type ScriptedRun } from './scripted-engine.js';

const signed = (signature: number, text = 'Hi') => ({
  scenes: [
    {
      elements: [
        { type: 'image', src: `https://a.example/1.png?sig=${signature}` },
        { type: 'text', text },
      ],
    },
  ],
});
const IGNORE = ['/scenes/*/elements/*/src'];

/** A running or closed run of a movie whose fingerprint leaves these places out. */
const runOf = (
  movie: object,
  ignore: readonly string[] | undefined,
  more: Partial<ScriptedRun> = {},
): ScriptedRun => ({
  ...closed(more.status ?? 'running', more, movie),
  request: { movie: { ...movie }, fingerprint: fingerprintOf({ ...movie }, ignore), caller: 'another call' },
  ...(ignore === undefined ? {} : { ignore }),
});
const submit = (engine: ScriptedEngine, movie: object, options: SubmitOptions = {}) =>
  new Renders({ client: engine.client }).submitOnce('order-1', movie, options);
const start = (engine: ScriptedEngine, movie: object, options: SubmitOptions = {}) =>
  new Renders({ client: engine.client }).start('order-1', movie, options);

const failedRender = (movie: object): ScriptedRun =>
  runOf(movie, undefined, {
    status: 'completed',
    updates: ['submit'],
    outcome: {
      ...DONE,
      status: 'failed',
      message: 'no source',
      fingerprint: fingerprintOf({ ...movie }),
    } as unknown as Outcome,
  });

describe.each([
  ['submitOnce', submit],
  ['start', start],
] as const)('%s of a movie that differs between retries', (_, call) => {
  test('is the same render if all that differs is ignored, by the list of the first call', async () => {
    const engine = new ScriptedEngine();
    await call(engine, signed(1), { ignore: IGNORE });
    expect(engine.runs[0]).toMatchObject({
      ignore: IGNORE,
      request: { fingerprint: fingerprintOf(signed(1), IGNORE), movie: signed(1) },
    });
    for (const options of [{ ignore: IGNORE }, { ignore: ['/comment'] }, {}]) {
      expect(await call(engine, signed(2), options)).toMatchObject({ replayed: true });
    }
    expect(engine.runs).toHaveLength(1);
  });

  test('is refused if the first call ignored nothing, whatever this one ignores', async () => {
    const engine = new ScriptedEngine(runOf(signed(1), undefined));
    await expect(call(engine, signed(2), { ignore: IGNORE })).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
      differingPaths: ['scenes[0].elements[0].src'],
    });
  });

  test('is refused if more differs than is ignored, and names only that', async () => {
    const engine = new ScriptedEngine(runOf(signed(1), IGNORE));
    await expect(call(engine, signed(2, 'Bye'), { ignore: IGNORE })).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
      differingPaths: ['scenes[0].elements[1].text'],
    });
  });

  test('is not the same only because both leave out something else', async () => {
    const engine = new ScriptedEngine(runOf({ scenes: [] }, undefined));
    await expect(call(engine, { scenes: [], comment: 'x' }, { ignore: ['/comment'] })).rejects.toMatchObject({
      code: 'IdempotencyKeyReused',
    });
  });

  test.each(['running', 'completed'] as const)(
    'joins the first movie if it says so, while that is %s',
    async (status) => {
      const outcome = { ...DONE, fingerprint: fingerprintOf(signed(1)) } as unknown as Outcome;
      const engine = new ScriptedEngine(
        runOf(signed(1), undefined, { status, ...(status === 'completed' ? { outcome } : {}) }),
      );
      expect(await call(engine, signed(2), { ifDifferent: 'join' })).toMatchObject({
        replayed: true,
        differences: ['scenes[0].elements[0].src'],
      });
      expect(await call(engine, signed(1), { ifDifferent: 'join' })).not.toHaveProperty('differences');
      expect(engine.runs).toHaveLength(1);
    },
  );

  test("is never given another movie's rejection if it joins: it starts its own", async () => {
    const rejected = { status: 'failed', failure: 'MovieRejected', closedAtMs: Date.now() + 60_000 } as const;
    const engine = new ScriptedEngine(runOf(signed(1), undefined, rejected));
    expect(await call(engine, signed(2), { ifDifferent: 'join' })).toMatchObject({ replayed: false });
    expect(engine.runs.at(-1)?.request.movie).toEqual(signed(2));
  });

  test('inherits the list of a run in doubt, so that a look knows its movie', async () => {
    const engine = new ScriptedEngine(runOf(signed(1), IGNORE, { status: 'terminated' }));
    await call(engine, signed(2), { restart: true, ignore: ['/comment'] });
    expect(engine.runs.at(-1)).toMatchObject({
      ignore: IGNORE,
      request: { fingerprint: fingerprintOf(signed(1), IGNORE) },
    });
  });

  test('brings its own list after a rejection, and takes over the old one if it has none', async () => {
    for (const [options, ignore] of [
      [{ ignore: ['/comment'] }, ['/comment']],
      [{}, IGNORE],
    ] as const) {
      const engine = new ScriptedEngine(
        runOf(signed(1), IGNORE, { status: 'failed', failure: 'MovieRejected' }),
      );
      await call(engine, signed(2), options);
      expect(engine.runs.at(-1)).toMatchObject({ ignore });
    }
  });

  test('is refused before anything starts if its options are unfit', async () => {
    const engine = new ScriptedEngine();
    for (const options of [{ ignore: ['/scenes'] }, { ifDifferent: 'replace' as never }]) {
      await expect(call(engine, signed(1), options)).rejects.toMatchObject({
        code: 'OptionsInvalid',
        key: 'order-1',
      });
    }
    expect(engine.calls).toEqual([]);
  });
});

describe('a key whose render ended without a video', () => {
  test.each([submit, start])('refuses a corrected movie with the failure and the next key', async (call) => {
    const error = await call(new ScriptedEngine(failedRender(signed(1))), signed(1, 'corrected')).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(IdempotencyKeyReused);
    expect(error.message).toMatch(
      /differ at scenes\[0\]\.elements\[1\]\.text\. .* ended as failed: no source\. .*order-1-v2$/,
    );
    expect(error.next).toContain('order-1-v2');
    expect(error.outcome).toMatchObject({ status: 'failed', message: 'no source' });
  });

  test('proposes the next key in every error of such a render', () => {
    const about = { key: 'order-1-v2', project: 'p1', outcome: {} as UnfinishedOutcome };
    for (const Class of [RenderFailed, RenderTimedOut, RenderCancelled])
      expect(new Class('no source', about).next).toContain('order-1-v3');
    expect(new RenderCancelled('before it was sent', { key: 'order-1' }).next).not.toContain('v2');
  });

  test.each([
    ['k'.repeat(197), /-v2\b/],
    ['k'.repeat(198), /key\.$/],
    [`${'k'.repeat(197)}-v9`, /key\.$/],
    [`${'é'.repeat(98)}-v8`, /-v9\b/],
  ])('proposes no key that is too long: %s', (key, advice) => {
    expect(new RenderFailed('no source', { key, outcome: {} as UnfinishedOutcome }).next).toMatch(advice);
  });

  test.each([
    ['order-1', 'order-1-v2'],
    ['order-1-v2', 'order-1-v3'],
    ['order-1-v9', 'order-1-v10'],
    ['order:1:promo', 'order:1:promo-v2'],
    ['-v2', '-v2-v2'],
    ['a\nb-v2', 'a\nb-v3'],
  ])('has a next version: %j, %j', (key, next) => {
    expect(nextVersion(key)).toBe(next);
  });
});
