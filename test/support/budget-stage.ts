import { afterAll, beforeAll, expect } from 'vitest';
import type { BudgetSetting, BudgetView } from '../../src/render/budget.js';
import { setBudget, showBudget } from '../../src/starter/budgets.js';
import { freshKey, openStage, type Stage, type StageOptions } from './stage.js';
import { until } from './until.js';

/** A rule of the provider that refuses submissions. */
export const SLOW_DOWN = {
  kind: 'status',
  code: 429,
  accept: false,
  body: '{"success":false,"message":"slow down"}',
} as const;

/** A rule of the provider that rejects submissions. */
export const BAD_MOVIE = {
  ...SLOW_DOWN,
  code: 400,
  body: '{"success":false,"message":"bad movie"}',
} as const;

/** A stage with a worker and budgets, for the tests of one file. */
export class BudgetStage {
  #stage: Stage | undefined;

  /** Opens the stage before the tests of the file, and closes it after them. */
  static forFile(options: StageOptions): BudgetStage {
    const budgets = new BudgetStage();
    beforeAll(async () => {
      budgets.#stage = await openStage(options);
      await budgets.stage.hostWorker();
    });
    afterAll(() => budgets.#stage?.close());
    return budgets;
  }

  get stage(): Stage {
    if (this.#stage === undefined) throw new Error('the stage is not open yet');
    return this.#stage;
  }

  get renders(): Stage['renders'] {
    return this.stage.renders;
  }

  get fake(): Stage['fake'] {
    return this.stage.fake;
  }

  get client(): Stage['client'] {
    return this.stage.client;
  }

  /** Makes a budget and returns its name. */
  async make(limit: number, more: Partial<BudgetSetting> = {}): Promise<string> {
    const name = freshKey('budget');
    await this.set(name, limit, more);
    return name;
  }

  set(name: string, limit: number, more: Partial<BudgetSetting> = {}): Promise<void> {
    const setting = { limit, per: 'total', by: 'a test', why: 'to see', ...more } as const;
    return setBudget(this.stage.client, this.stage.taskQueue, name, setting);
  }

  async view(name: string): Promise<BudgetView> {
    const found = await showBudget(this.stage.client, this.stage.taskQueue, name);
    if (found === undefined) throw new Error(`there is no budget ${name}`);
    return found;
  }

  /** Waits until the render of a key is in a state. */
  async untilState(key: string, state: string): Promise<void> {
    await until(`${key} is ${state}`, async () => (await this.stage.renders.status(key)).state === state);
  }
}

/** Waits until a budget shows these numbers: a message may come after the end of its render. */
export async function expectSettled(
  budgets: BudgetStage,
  name: string,
  numbers: Partial<BudgetView>,
): Promise<void> {
  await until('the budget shows it', async () => {
    const found = await budgets.view(name);
    return Object.entries(numbers).every(([key, value]) => found[key as keyof BudgetView] === value);
  }).catch(() => undefined);
  expect(await budgets.view(name)).toMatchObject(numbers);
}
