import { z } from 'zod';
import { type Api, type ApiDependencies, callerOf, problems } from '../api.js';
import { type Caller, requireScope } from '../caller.js';
import { Refusal } from '../refusal.js';
import { WHY_CHARACTERS } from '../../render/budget-messages.js';
import { BUDGET_NUMBERS, BUDGET_PERIODS } from '../../render/budget.js';
import { PERSON_CHARACTERS } from '../../render/limits.js';
import { setBudget, showBudget, showBudgets } from '../../starter/budgets.js';

const time = z.string().meta({ format: 'date-time' });
const budgetTerms = {
  limit: z.number().int(),
  per: z.enum(BUDGET_PERIODS),
  soft: z.number().int(),
  unknown: z.number().int(),
};
const sums = { posted: z.number(), reserved: z.number(), inDoubt: z.number() };

/** A budget in its present window. */
export const budgetSchema = z
  .object({
    name: z.string(),
    ...budgetTerms,
    window: z.object({ start: time, end: time.nullable() }).describe('In UTC; a total has no end'),
    ...sums,
    left: z.number(),
    overrun: z.number().describe('The part of posted that no reservation had covered'),
    reached: z
      .object({ soft: z.boolean(), limit: z.boolean() })
      .describe('True if this window has reached its soft limit, or denied credits'),
    all: z.object(sums).describe('Credits of all windows'),
    reservations: z.object({ open: z.number().int(), inDoubt: z.number().int() }),
    changes: z.array(z.object({ ...budgetTerms, by: z.string(), why: z.string(), at: time })),
  })
  .meta({ id: 'Budget' });

const params = z.object({
  name: z
    .string()
    .max(64)
    .describe('Name of the budget')
    .meta({ examples: ['shop'] }),
});

const { limit, soft, unknown } = BUDGET_NUMBERS;
const body = z
  .strictObject({
    limit: z.number().int().min(limit.min).max(limit.max).describe('Credits that one window may cost'),
    per: z.enum(BUDGET_PERIODS).describe('Length of a window, in UTC'),
    soft: z
      .number()
      .int()
      .min(soft.min)
      .max(soft.max)
      .optional()
      .describe('Share of the limit that is reported, %'),
    unknown: z
      .number()
      .int()
      .min(unknown.min)
      .max(unknown.max)
      .optional()
      .describe('Credits that are reserved for a movie of unknown price'),
    by: z.string().min(1).max(PERSON_CHARACTERS).describe('Name of the person who sets the limit'),
    why: z.string().min(1).max(WHY_CHARACTERS),
  })
  .meta({ id: 'BudgetSetting' });

const LIST = {
  config: { scope: 'read' },
  schema: {
    operationId: 'listBudgets',
    summary: 'List budgets; a tenant sees the one that bears its name',
    response: { 200: z.object({ budgets: z.array(budgetSchema) }), ...problems() },
  },
} as const;

const GET = {
  config: { scope: 'read' },
  schema: {
    operationId: 'getBudget',
    summary: 'Read a budget',
    params,
    response: { 200: budgetSchema, ...problems(404) },
  },
} as const;

const PUT = {
  config: { scope: 'admin' },
  schema: {
    operationId: 'setBudget',
    summary:
      'Set the limit of a budget, and make the budget if there is none; what is reserved stays reserved',
    params,
    body,
    response: { 200: budgetSchema, ...problems(413, 415) },
  },
} as const;

/** Adds the routes of budgets. */
export function addBudgetRoutes(api: Api, { client, taskQueue }: ApiDependencies): void {
  api.get('/v1/budgets', LIST, async (request, reply) => {
    const caller = callerOf(request);
    const { tenant } = caller;
    if (tenant !== undefined) {
      const own = await showBudget(client, taskQueue, tenant);
      return reply.send({ budgets: own === undefined ? [] : [shown(own)] });
    }
    requireScope(caller, 'admin');
    return reply.send({ budgets: (await showBudgets(client, taskQueue)).map(shown) });
  });
  const read = async (caller: Caller, name: string) => {
    const view = isVisible(caller, name) ? await showBudget(client, taskQueue, name) : undefined;
    if (view === undefined) throw new Refusal('BudgetNotFound', `there is no budget ${name}`);
    return shown(view);
  };
  api.get('/v1/budgets/:name', GET, async (request, reply) => {
    const caller = callerOf(request);
    if (caller.tenant === undefined) requireScope(caller, 'admin');
    return reply.send(await read(caller, request.params.name));
  });
  api.put('/v1/budgets/:name', PUT, async (request, reply) => {
    const caller = callerOf(request);
    const { name } = request.params;
    if (!isVisible(caller, name)) throw new Refusal('BudgetNotFound', `there is no budget ${name}`);
    const { by, ...setting } = request.body;
    const who = caller.name === undefined ? by : `${caller.name} (${by})`;
    await setBudget(client, taskQueue, name, { ...setting, by: who.slice(0, PERSON_CHARACTERS) });
    return reply.send(await read(caller, name));
  });
}

/** A tenant sees the budget that bears its name, and the same answer for all others. */
function isVisible({ tenant }: Caller, name: string): boolean {
  return tenant === undefined || tenant === name;
}

type View = NonNullable<Awaited<ReturnType<typeof showBudget>>>;

/** The schema's lists can be changed. */
function shown({ changes, ...view }: View) {
  return { ...view, changes: [...changes] };
}
