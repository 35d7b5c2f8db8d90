import { describe, expect, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { closed, MOVIE, play } from './closed-run-stage.js';
import { ScriptedEngine, type ScriptedRun } from './scripted-engine.js';

/** The key's one run, open, of another call with the same movie. */
const open = (): ScriptedRun => ({ ...closed('running'), updates: [] });
const HOUR_MS = 3_600_000;
/** Closes of a run that a call has seen open, by the clock of a caller that is right, ahead or behind. */
const CLOSES = [Date.now(), Date.now() - HOUR_MS, Date.now() + HOUR_MS];

describe.each(['submitOnce', 'start'] as const)('%s and the clock', (caller) => {
  test('a run that was cancelled before the call leaves the key free, also by a clock that is behind', async () => {
    const engine = new ScriptedEngine(closed('canceled', { closedAtMs: Date.now() + HOUR_MS }));
    expect(await play(caller, engine)).toMatchObject({ replayed: false });
    expect(engine.taken).toHaveLength(1);
  });
});

describe('a call that waits in a run', () => {
  test.each(CLOSES)(
    'throws RenderCancelled if the run is cancelled meanwhile, closed at %i',
    async (closedAtMs) => {
      const engine = new ScriptedEngine(open());
      engine.meanwhile = () => {
        engine.runs = [closed('canceled', { closedAtMs, updates: ['submit'], failure: 'RenderCancelled' })];
      };
      expect(await play('submitOnce', engine)).toBe('RenderCancelled');
      expect(engine.taken).toEqual([]);
    },
  );

  test.each(CLOSES)('throws the rejection of the run, closed at %i', async (closedAtMs) => {
    const engine = new ScriptedEngine(open());
    const failure = 'MovieRejected';
    engine.meanwhile = () => {
      engine.runs = [closed('failed', { closedAtMs, updates: ['submit'], failure })];
    };
    expect(await play('submitOnce', engine)).toBe(failure);
    expect(engine.taken).toEqual([]);
  });

  test('takes an answer from the memory of a closed run for nothing that it has waited for', async () => {
    const engine = new ScriptedEngine(
      closed('canceled', { updates: ['submit'], failure: 'RenderCancelled' }),
    );
    expect(await play('submitOnce', engine)).toMatchObject({ replayed: false });
    expect(engine.taken).toHaveLength(1);
  });

  test('starts nothing with restart if a person terminates the run meanwhile: the consent was about an earlier end', async () => {
    const engine = new ScriptedEngine(open());
    engine.meanwhile = () => void (engine.runs = [closed('terminated')]);
    expect(await play('submitOnce', engine, { restart: true })).toBe('RenderAbandoned');
    expect(engine.taken).toEqual([]);
  });

  test('ends with its own restart that finds another movie at the provider, and does not restart again', async () => {
    const engine = new ScriptedEngine(closed('failed', { failure: 'IdempotencyKeyReused' }));
    engine.meanwhile = () => {
      const [first, second] = engine.runs as [ScriptedRun, ScriptedRun];
      const failure = 'IdempotencyKeyReused';
      const end = { status: 'failed', failure, closedAtMs: Date.now(), updates: ['submit'] } as const;
      engine.runs = [first, { ...second, ...end }];
    };
    expect(await play('submitOnce', engine, { restart: true })).toBe('IdempotencyKeyReused');
    expect(engine.taken).toHaveLength(1);
  });
});

test.each([true, false])(
  'a key whose other movie the provider holds is refused with the project, to restart: %s only if the run ended before',
  async (restart) => {
    const engine = new ScriptedEngine(open());
    const failure = 'IdempotencyKeyReused';
    engine.meanwhile = () => void (engine.runs = [closed('failed', { updates: ['submit'], failure })]);
    const call = new Renders({ client: engine.client }).submitOnce('key', MOVIE, { restart });
    await expect(call).rejects.toMatchObject({
      code: failure,
      key: 'key',
      project: 'p7',
      message: 'the reason',
    });
    expect(engine.taken).toEqual([]);
  },
);

describe('a call that has seen a run of the key never starts it as if it were new', () => {
  const ABANDONED = {
    code: 'RenderAbandoned',
    key: 'key',
    message: expect.stringMatching(/was deleted while/),
  };

  test('the run in which submitOnce waits is deleted', async () => {
    const engine = new ScriptedEngine(open());
    engine.meanwhile = () => void (engine.runs = []);
    const { client } = engine;
    await expect(new Renders({ client }).submitOnce('key', MOVIE)).rejects.toMatchObject(ABANDONED);
    expect(engine.taken).toEqual([]);
  });

  test('the run that submitOnce has started is deleted', async () => {
    const engine = new ScriptedEngine();
    engine.meanwhile = () => void (engine.runs = []);
    expect(await play('submitOnce', engine)).toBe('RenderAbandoned');
    expect(engine.taken).toHaveLength(1);
  });

  test('it is deleted while no worker is up, so that the client sends the start again and again', async () => {
    const engine = new ScriptedEngine();
    engine.hasNoWorker = true;
    let starts = 0;
    engine.before = (call) => {
      if (call === 'update with start') starts += 1;
      if (starts > 0 && call === 'update') engine.runs = [];
    };
    expect(await play('submitOnce', engine)).toBe('RenderAbandoned');
    expect(starts).toBe(1);
    expect(engine.taken).toHaveLength(1);
  });

  test.each(['submitOnce', 'start'] as const)('the closed run that %s reads is deleted', async (caller) => {
    const engine = new ScriptedEngine(closed('terminated'));
    engine.before = (call) => void (call === 'result' && (engine.runs = []));
    expect(await play(caller, engine)).toBe('RenderAbandoned');
    expect(engine.taken).toEqual([]);
  });

  test('the run that start meets is deleted before it is described', async () => {
    const engine = new ScriptedEngine(open());
    engine.before = (call) => void (call === 'describe' && (engine.runs = []));
    expect(await play('start', engine)).toBe('RenderAbandoned');
    expect(engine.taken).toEqual([]);
  });

  test('the run whose result is awaited is deleted', async () => {
    const engine = new ScriptedEngine(open());
    // The engine answers a wait for an open run at its end; by then the call has looked at it.
    let results = 0;
    engine.before = async (call) => {
      if (call !== 'result' || (results += 1) > 1) return;
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      engine.runs = [];
    };
    expect(await play('result', engine)).toBe('RenderAbandoned');
  });
});

describe('a workflow of another type under the key is KeyTaken', () => {
  const CALLS: Readonly<Record<string, (renders: Renders) => Promise<unknown>>> = {
    submitOnce: (renders) => renders.submitOnce('key', MOVIE),
    start: (renders) => renders.start('key', MOVIE),
    restart: (renders) => renders.submitOnce('key', MOVIE, { restart: true }),
    result: (renders) => renders.result('key'),
    status: (renders) => renders.status('key'),
    story: (renders) => renders.story('key'),
    watch: (renders) => renders.watch('key')[Symbol.asyncIterator]().next(),
    cancel: (renders) => renders.cancel('key'),
    resolve: (renders) => renders.resolve('key', 'abandon', { by: 'anna', why: 'a test' }),
  };

  test.each(Object.keys(CALLS))('%s', async (name) => {
    for (const run of [
      open(),
      closed('completed', { outcome: {} as never }),
      closed('failed', { failure: 'Other' }),
    ]) {
      const engine = new ScriptedEngine({ ...run, type: 'sendInvoice' });
      await expect(CALLS[name]?.(new Renders({ client: engine.client }))).rejects.toMatchObject({
        code: 'KeyTaken',
        key: 'key',
        message: expect.stringContaining('sendInvoice'),
      });
      expect(engine.taken).toEqual([]);
      expect(engine.calls).not.toContain('cancel');
    }
  });
});
