import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { budgetSchema } from '../../http/routes/budgets.js';
import { ApiRefusal, askApi } from '../ask-api.js';
import type { ConsoleContext } from '../context.js';

const budgets = z.object({ budgets: z.array(budgetSchema) });

type Budget = z.output<typeof budgetSchema>;

/** Answers without which a page is still of use: a token that may not see budgets, and no worker that knows them. */
const DISPENSABLE = ['ScopeMissing', 'NoWorker'];

/** Reads the budgets that a person may see; none if no worker answers for them. */
export async function readBudgets(
  { app }: Pick<ConsoleContext, 'app'>,
  request: FastifyRequest,
): Promise<readonly Budget[]> {
  try {
    const read = await askApi(app, request, { method: 'GET', path: '/v1/budgets', answer: budgets });
    return read.budgets.map((budget) => ({ ...budget, reached: reachedBy(budget) }));
  } catch (error) {
    if (error instanceof ApiRefusal && DISPENSABLE.includes(error.problem.code)) return [];
    throw error;
  }
}

/** Says what is reached now: the API's own flags stay for the whole window, also after the limit was raised. */
function reachedBy({ limit, soft, posted, reserved, inDoubt }: Budget): Budget['reached'] {
  const used = posted + reserved + inDoubt;
  return { soft: used * 100 >= limit * soft, limit: used >= limit };
}
