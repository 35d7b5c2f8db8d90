import { describe, expect, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { closed, completed, DONE, MOVIE, play } from './closed-run-stage.js';
import { grpcError } from './namespace-engine.js';
import { ScriptedEngine, type ScriptedRun } from './scripted-engine.js';

describe('at the last moment', () => {
  /** Another call starts the key again, of the same movie, once the closed run's end and first event were read. */
  function startedMeanwhile(run: ScriptedRun, after: string): ScriptedEngine {
    const engine = new ScriptedEngine(run);
    let seen = false;
    engine.before = (call) => {
      if (seen && engine.runs.length === 1) {
        engine.runs.push(
          closed('running', { runId: 'run 2', request: { ...run.request, caller: 'a third call' } }),
        );
      }
      seen ||= call === after;
    };
    return engine;
  }

  test.each(['submitOnce', 'start'] as const)(
    '%s joins a run that another call has started',
    async (caller) => {
      const engine = startedMeanwhile(closed('canceled'), 'first event');
      expect(await play(caller, engine)).toMatchObject({ key: 'key', replayed: true });
      expect(engine.taken).toEqual([]);
    },
  );

  test.each(['submitOnce', 'start'] as const)(
    '%s does not start after a run that another call has started meanwhile, and that has ended in doubt',
    async (caller) => {
      const run = closed('canceled');
      const engine = new ScriptedEngine(run);
      let isRead = false;
      engine.before = () => {
        // The engine itself would admit a start after it.
        if (isRead && engine.runs.length === 1) engine.runs.push(closed('terminated', { runId: 'run 2' }));
        isRead ||= engine.calls.includes('first event');
      };
      expect(await play(caller, engine)).toBe('RenderAbandoned');
      expect(engine.taken).toEqual([]);
    },
  );

  test.each(['submitOnce', 'start'] as const)(
    '%s does not throw the end of a run if another call has started the key again',
    async (caller) => {
      const engine = startedMeanwhile(closed('terminated'), 'result');
      expect(await play(caller, engine)).toMatchObject({ key: 'key', replayed: true });
    },
  );

  test('result follows the key into the run that another call has started', async () => {
    const engine = startedMeanwhile(closed('terminated'), 'result');
    const { before } = engine;
    engine.before = (call) => {
      void before(call);
      engine.runs = engine.runs.map((run) =>
        run.runId === 'run 2' ? { ...completed(), runId: 'run 2', outcome: completed().outcome } : run,
      ) as ScriptedRun[];
    };
    expect(await play('result', engine)).toMatchObject(DONE);
  });

  test.each(['submitOnce', 'start'] as const)(
    '%s does not take a run that is deleted for a free key',
    async (caller) => {
      const engine = new ScriptedEngine(closed('terminated'));
      let isRead = false;
      engine.before = (call) => {
        if (isRead) engine.runs = [];
        isRead ||= call === 'result';
      };
      expect(await play(caller, engine)).toBe('RenderAbandoned');
      expect(engine.taken).toEqual([]);
    },
  );
});

describe('a run in transition', () => {
  test.each([
    ['submitOnce', 'update with start', 9],
    ['submitOnce', 'update with start', 10],
    ['start', 'start', 6],
    ['start', 'start', 10],
  ] as const)('has %s describe the key and attempt again', async (caller, call, code) => {
    const engine = new ScriptedEngine();
    let failures = 2;
    engine.before = (name) => {
      if (name === call && (failures -= 1) >= 0) throw grpcError(code, 'closing');
    };
    expect(await play(caller, engine)).toMatchObject({ key: 'key', replayed: false });
    expect(engine.calls).toEqual([call, 'describe', call, 'describe', call]);
    expect(engine.taken).toHaveLength(1);
  });
});

describe('a signal', () => {
  test.each(['submitOnce', 'start'] as const)(
    'that is aborted while %s reads a closed run keeps it from starting again',
    async (caller) => {
      const engine = new ScriptedEngine(closed('canceled'));
      const controller = new AbortController();
      const reason = new Error('the caller has gone');
      engine.before = (call) => {
        if (call === 'first event') controller.abort(reason);
      };
      expect(await play(caller, engine, { signal: controller.signal })).toBe(reason);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(engine.taken).toEqual([]);
    },
  );
});

describe('a deadline', () => {
  test.each(['submitOnce', 'start'] as const)('that passes keeps %s from starting again', async (caller) => {
    const engine = new ScriptedEngine(closed('canceled'));
    engine.before = async (call) => {
      if (call === 'first event') await new Promise((resolve) => setTimeout(resolve, 60));
    };
    const expected = caller === 'start' ? 'EngineUnavailable' : 'SubmissionPending';
    expect(await play(caller, engine, { deadlineMs: 50 })).toBe(expected);
    expect(engine.taken).toEqual([]);
  });

  test('that Temporal’s client reports to `start` is an error that says to call again', async () => {
    const engine = new ScriptedEngine();
    engine.before = () => {
      throw grpcError(4, 'DEADLINE_EXCEEDED');
    };
    await expect(new Renders({ client: engine.client }).start('key', MOVIE)).rejects.toMatchObject({
      code: 'EngineUnavailable',
      message: 'the engine did not take the start in time',
      next: expect.stringContaining('call again with the same key'),
    });
  });
});
