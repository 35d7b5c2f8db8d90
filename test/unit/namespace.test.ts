import { describe, expect, test } from 'vitest';
import { NamespaceUnfit, readEngineSetup, requireEngineSetup } from '../../src/temporal/namespace.js';
import { setUpEngine } from '../../src/temporal/set-up-namespace.js';
import { COMPLETE, grpcError, KEYWORD, type Held, NamespaceEngine } from './namespace-engine.js';

const TEXT = 1;
const NAMES = Object.keys(COMPLETE).join(', ');
const NEEDS = { retentionDays: 30 };
const PATIENCE = { withinMs: 2_000, pauseMs: 1, refreshMs: 0 };

const READY: Held = {
  days: 30,
  attributes: COMPLETE,
};
const ready = (more: Partial<Held> = {}): Held => ({ ...structuredClone(READY), ...more });

describe('set-up', () => {
  test('of an engine without the namespace creates it with retention and search attributes', async () => {
    const engine = new NamespaceEngine({ attributes: {} });
    expect(await setUpEngine(engine.client, NEEDS, PATIENCE)).toEqual([
      'created namespace videos, which remembers closed keys for 30 days',
      `registered search attribute ${NAMES}`,
    ]);
    expect(engine.held).toEqual(READY);
  });

  test('of a namespace that is fit changes nothing', async () => {
    const engine = new NamespaceEngine(ready());
    expect(await setUpEngine(engine.client, NEEDS, PATIENCE)).toEqual([]);
    expect(engine.changes()).toEqual([]);
  });

  test('lengthens a retention that is too short', async () => {
    const engine = new NamespaceEngine(ready({ days: 1 }));
    expect(await setUpEngine(engine.client, NEEDS, PATIENCE)).toEqual([
      'namespace videos now remembers closed keys for 30 days (before: 1)',
    ]);
    expect(engine.held.days).toBe(30);
  });

  test('never shortens a retention, since keys would be forgotten', async () => {
    const engine = new NamespaceEngine(ready({ days: 90, attributes: {} }));
    await setUpEngine(engine.client, NEEDS, PATIENCE);
    expect(engine.held).toEqual({ ...READY, days: 90 });
  });

  test('returns only when the engine shows all of it, and says each change once', async () => {
    const engine = new NamespaceEngine({ attributes: {} }, 5);
    const done = await setUpEngine(engine.client, NEEDS, PATIENCE);
    expect(done).toHaveLength(2);
    expect(await readEngineSetup(engine.client)).toEqual({
      namespace: 'videos',
      retentionDays: 30,
      missingSearchAttributes: [],
    });
    expect(engine.calls.filter((call) => call === 'describe').length).toBeGreaterThan(5);
  });

  test('returns only when new search attributes can be used, everywhere in the engine', async () => {
    const engine = new NamespaceEngine(ready({ attributes: {} }));
    let refusals = 3;
    engine.before = (call) => {
      if (call === 'count' && (refusals -= 1) >= 0) throw grpcError(3, 'no mapping for RenderState');
    };
    const startedMs = performance.now();
    const done = await setUpEngine(engine.client, NEEDS, { ...PATIENCE, refreshMs: 40 });
    expect(done).toEqual([`registered search attribute ${NAMES}`]);
    expect(engine.calls.filter((call) => call === 'count')).toHaveLength(4);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(39);
  });

  test('goes on while the engine starts, or does not know its new namespace everywhere', async () => {
    const engine = new NamespaceEngine({ attributes: {} });
    const failures = { describe: 2, add: 3 };
    engine.before = (call) => {
      if (call !== 'describe' && call !== 'add') return;
      failures[call] -= 1;
      if (failures[call] >= 0) throw grpcError(call === 'add' ? 5 : 14, 'not there yet');
    };
    await setUpEngine(engine.client, NEEDS, PATIENCE);
    expect(engine.held).toEqual(READY);
  });

  test('that never takes effect is an error when the time is over', async () => {
    const engine = new NamespaceEngine(ready({ days: 1 }), Infinity);
    await expect(setUpEngine(engine.client, NEEDS, { withinMs: 50, pauseMs: 1 })).rejects.toMatchObject({
      code: 'EngineNotSetUp',
      message: 'the engine does not show the changes to namespace videos yet',
    });
  });

  test('ends at its signal', async () => {
    const engine = new NamespaceEngine(ready({ days: 1 }), Infinity);
    const signal = AbortSignal.timeout(50);
    const failing = setUpEngine(engine.client, NEEDS, { withinMs: 60_000, pauseMs: 1, signal });
    await expect(failing).rejects.toMatchObject({ code: 'EngineNotSetUp' });
  });

  test('does without the search attributes of renders if others are asked for', async () => {
    const engine = new NamespaceEngine({ days: 30, attributes: {} });
    await setUpEngine(engine.client, { ...NEEDS, searchAttributes: { RenderState: 'Keyword' } }, PATIENCE);
    expect(engine.held.attributes).toEqual({ RenderState: KEYWORD });
  });
});

describe('a namespace that is managed elsewhere', () => {
  test.each([
    ['describe', ready(), 'cannot be read'],
    ['register', { attributes: {} }, 'cannot be created'],
    ['update', ready({ days: 1 }), 'cannot be given another retention'],
    ['add', ready({ attributes: {} }), 'cannot be given search attributes'],
  ])('refuses to %s: it is said at once with what to do', async (refused, held, what) => {
    for (const code of [7, 12]) {
      const engine = new NamespaceEngine(structuredClone(held));
      engine.before = (call) => {
        if (call === refused) throw grpcError(code, 'not for you');
      };
      const failing = setUpEngine(engine.client, NEEDS, { withinMs: 60_000, pauseMs: 1 });
      await expect(failing).rejects.toBeInstanceOf(NamespaceUnfit);
      await expect(failing).rejects.toMatchObject({
        code: 'EngineNotSetUp',
        message: `namespace videos ${what} over this connection: ${code} not for you`,
        next: expect.stringMatching(
          /Temporal Cloud.*RENDERONCE_KEY_MEMORY_DAYS.*RenderState \(Keyword\), .*RenderCredits \(Int\).*renderonce doctor/,
        ),
      });
    }
  });
});

describe('a search attribute of another type', () => {
  const held = (): Held => ready({ attributes: { ...COMPLETE, RenderState: TEXT } });
  const fault = {
    code: 'EngineNotSetUp',
    message: /search attribute RenderState of another type than Keyword/,
  };

  test('is an error at once, at set-up and at a worker, and nothing is changed', async () => {
    const engine = new NamespaceEngine(held());
    const patience = { withinMs: 60_000, pauseMs: 1 };
    for (const failing of [
      setUpEngine(engine.client, { retentionDays: 60 }, patience),
      requireEngineSetup(engine.client, 30),
    ]) {
      await expect(failing).rejects.toMatchObject({
        code: fault.code,
        message: expect.stringMatching(fault.message),
        next: expect.stringContaining('Use another one'),
      });
    }
    expect(engine.changes()).toEqual([]);
  });

  test('is shown by the reading', async () => {
    expect(await readEngineSetup(new NamespaceEngine(held()).client)).toMatchObject({
      missingSearchAttributes: [],
      mistypedSearchAttributes: ['RenderState'],
    });
  });
});

describe('a worker’s check', () => {
  test.each([
    [{ attributes: {} }, /the engine has no namespace videos/],
    [
      ready({ attributes: { RenderState: KEYWORD, RenderAccount: KEYWORD } }),
      /namespace videos lacks search attribute RenderProject, RenderKept, RenderBudget, RenderCredits/,
    ],
  ])('fails for %j', async (held, message) => {
    await expect(requireEngineSetup(new NamespaceEngine(held).client, 30)).rejects.toMatchObject({
      code: 'EngineNotSetUp',
      message: expect.stringMatching(message),
    });
  });

  test('warns about a namespace that forgets keys too early, and only then', async () => {
    const { client } = new NamespaceEngine(ready());
    expect(await requireEngineSetup(client, 30)).toBeUndefined();
    expect(await requireEngineSetup(client, 31)).toMatch(/after 30 days.*is paid for again/);
  });
});
