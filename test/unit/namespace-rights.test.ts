import { describe, expect, test } from 'vitest';
import { readEngineSetup, requireEngineSetup } from '../../src/temporal/namespace.js';
import { setUpEngine } from '../../src/temporal/set-up-namespace.js';
import { COMPLETE, grpcError, type Held, NamespaceEngine } from './namespace-engine.js';

describe('credentials that may not list search attributes', () => {
  const refusing = (held: Held): NamespaceEngine => {
    const engine = new NamespaceEngine(held);
    engine.before = (call) => {
      if (call === 'list') throw grpcError(7, 'Request unauthorized.');
    };
    return engine;
  };

  test('find a complete namespace fit by queries', async () => {
    const { client } = refusing({ days: 30, attributes: COMPLETE });
    expect(await readEngineSetup(client)).toEqual({
      namespace: 'videos',
      retentionDays: 30,
      missingSearchAttributes: [],
    });
    expect(await requireEngineSetup(client, 30)).toBeUndefined();
    expect(await setUpEngine(client, { retentionDays: 30 })).toEqual([]);
  });

  test('find the one attribute that is missing', async () => {
    const { RenderKept: _missing, ...attributes } = COMPLETE;
    const { client } = refusing({ days: 30, attributes });
    await expect(requireEngineSetup(client, 30)).rejects.toThrow('lacks search attribute RenderKept');
  });
});
