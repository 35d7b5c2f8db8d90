import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { newestOf } from '../../src/cli/commands/list.js';
import type { ListedRender } from '../../src/starter/list.js';

const timeOf = (second: number): string => new Date(second * 1_000).toISOString();

function render(index: number, startS: number, lastedS?: number): ListedRender {
  return {
    key: `key-${index}`,
    state: lastedS === undefined ? 'rendering' : 'done',
    startedAt: timeOf(startS),
    ...(lastedS === undefined ? {} : { closedAt: timeOf(startS + lastedS) }),
  };
}

/** Yields renders as the engine lists them: open ones first, then closed ones by their end; counts those that are read. */
function listed(renders: readonly ListedRender[]) {
  const end = ({ closedAt = '\uffff' }: ListedRender): string => closedAt;
  const inOrder = renders.toSorted((one, other) => (end(one) < end(other) ? 1 : -1));
  const read = { count: 0 };
  async function* pages(): AsyncGenerator<ListedRender> {
    for (const each of inOrder) {
      read.count += 1;
      yield each;
    }
  }
  return { pages: pages(), read };
}

const times = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.option(fc.integer({ min: 0, max: 50 })));

test('the newest renders come first, whenever they ended, and none of them is missing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(times, { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      async (drawn, limit) => {
        const renders = drawn.map(([start, lasted], index) => render(index, start, lasted ?? undefined));
        const found = await newestOf(listed(renders).pages, limit);
        const newest = renders
          .map(({ startedAt }) => startedAt)
          .toSorted()
          .toReversed()
          .slice(0, limit);
        expect(found.map(({ startedAt }) => startedAt)).toEqual(newest);
      },
    ),
  );
});

test('a long list is not read to its end', async () => {
  const { pages, read } = listed(Array.from({ length: 5_000 }, (_, index) => render(index, index, 5)));
  expect((await newestOf(pages, 10)).map(({ key }) => key)).toContain('key-4999');
  expect(read.count).toBeLessThan(50);
});
