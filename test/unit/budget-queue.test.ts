import { expect, test } from 'vitest';
import { BudgetQueue, type QueueAnswer } from '../../src/activities/budget-queue.js';
import type { BudgetDenial, ReserveRequest } from '../../src/render/budget.js';

const DENIAL: BudgetDenial = {
  budget: 'shop',
  limit: 100,
  needs: 5,
  left: 3,
  opensAt: null,
  opensInMs: null,
  windowStartMs: 0,
  isKnown: true,
};

function request(more: Partial<ReserveRequest> = {}): ReserveRequest {
  return { run: 'a', runId: 'a', key: 'a', number: 1, count: 1, credits: 5, isUnknown: false, ...more };
}

/** Asks with requests at the same time, and answers each question with the next answer. */
async function answersOf(requests: readonly ReserveRequest[], answer: () => Exclude<QueueAnswer, 'late'>) {
  const queue = new BudgetQueue();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return answer();
  };
  const deadlineMs = Date.now() + 5_000;
  const answers = await Promise.all(
    requests.map((each) => queue.ask({ request: each, mayHold: each.run === 'holds', deadlineMs, ask })),
  );
  return { answers, asked };
}

test('a crowd that is denied asks a few times', async () => {
  const crowd = Array.from({ length: 100 }, () => request());
  const { answers, asked } = await answersOf(crowd, () => ({ denial: DENIAL }));
  expect(answers).toEqual(crowd.map(() => ({ denial: DENIAL })));
  expect(asked).toBeLessThanOrEqual(6);
});

test('a request that may fit, that may hold a reservation, or whose price is unknown asks by itself', async () => {
  const own = [
    request({ credits: 3 }),
    request({ run: 'holds' }),
    request({ count: 2 }),
    request({ isUnknown: true }),
    request({ credits: 101 }),
  ];
  const first = Array.from({ length: 3 }, () => request());
  const { asked } = await answersOf([...first, ...own], () => ({ denial: DENIAL }));
  expect(asked).toBe(first.length + own.length);
});

test('a grant is the answer to its own request only', async () => {
  const crowd = Array.from({ length: 20 }, () => request());
  const { asked } = await answersOf(crowd, () => ({ credits: 5 }));
  expect(asked).toBe(20);
});

test('a request whose time is up before its turn has not asked', async () => {
  const queue = new BudgetQueue();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const ask = async () => {
    await held;
    return { credits: 5 };
  };
  const first = [1, 2, 3].map(() =>
    queue.ask({ request: request(), mayHold: false, deadlineMs: Date.now() + 5_000, ask }),
  );
  const late = await queue.ask({
    request: request(),
    mayHold: false,
    deadlineMs: Date.now() + 20,
    ask: () => Promise.reject(new Error('it was asked')),
  });
  expect(late).toBe('late');
  release();
  await Promise.all(first);
});
