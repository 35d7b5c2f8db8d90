import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiDependencies } from './api.js';
import { addDropInRoutes } from './drop-in/routes.js';
import { addBudgetRoutes } from './routes/budgets.js';
import { addCheckRoutes } from './routes/check.js';
import { addCreditsRoute } from './routes/credits.js';
import { addDecideRoutes } from './routes/decide.js';
import { addEventRoutes } from './routes/events.js';
import { addListRoute } from './routes/list.js';
import { addReadRoutes } from './routes/read.js';
import { addSubmitRoutes } from './routes/submit.js';

/** The routes of the API in the order of its document. */
const ROUTES = [
  addSubmitRoutes,
  addReadRoutes,
  addEventRoutes,
  addDecideRoutes,
  addListRoute,
  addBudgetRoutes,
  addCreditsRoute,
];

/** Adds all routes that a token guards. */
export async function addRoutes(
  app: FastifyInstance,
  dependencies: ApiDependencies,
  onError?: (error: unknown, route: string) => void,
): Promise<void> {
  const api = app.withTypeProvider<ZodTypeProvider>();
  for (const add of ROUTES) add(api, dependencies);
  await addCheckRoutes(api, dependencies);
  await app.register(async (scope) => addDropInRoutes(scope, dependencies, onError));
}
