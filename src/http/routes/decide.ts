import { z } from 'zod';
import { DECISION_ACTIONS } from '../../render/decision.js';
import { DecisionPending, DecisionRefused } from '../../render/errors.js';
import { PERSON_CHARACTERS, PROJECT_CHARACTERS } from '../../render/limits.js';
import type { DecisionChoice } from '../../starter/resolve.js';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { type Caller, engineKeyOf, requireScope, shownKeyOf } from '../caller.js';
import { keyParams, renderSchema } from '../schemas.js';
import { readView, shownView } from '../views.js';

/** The signed decision of a person. */
const decisionSchema = z
  .strictObject({
    action: z.enum(DECISION_ACTIONS),
    project: z.string().max(PROJECT_CHARACTERS).optional().describe('The project to adopt'),
    force: z.boolean().optional(),
    by: z.string().min(1).max(PERSON_CHARACTERS).describe('Name of the person who decides'),
    why: z.string().min(1).max(1_000),
  })
  .meta({ id: 'Decision' });

/** Answer to a decision. */
const decisionAnswerSchema = z
  .looseObject({
    key: z.string(),
    decision: z.looseObject({
      action: z.enum(DECISION_ACTIONS),
      by: z.string(),
      why: z.string(),
      at: z.string().meta({ format: 'date-time' }),
    }),
    project: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: 'DecisionAnswer' });

const CANCEL = {
  config: { scope: 'submit' },
  schema: {
    operationId: 'cancelRender',
    summary: 'Ask a render to end; the provider still finishes a project that it has accepted',
    params: keyParams,
    querystring: z.strictObject({}),
    response: { 202: renderSchema.describe('The render as it is now'), ...problems(404, 409) },
  },
} as const;

const DECIDE = {
  config: { scope: 'decide' },
  schema: {
    operationId: 'decideRender',
    summary: 'Decide about a submission of unknown fate',
    params: keyParams,
    querystring: z.strictObject({}),
    body: decisionSchema,
    response: {
      200: decisionAnswerSchema.describe('The decision took effect'),
      202: renderSchema.describe('The decision is recorded, and may still take effect'),
      ...problems(404, 409, 413, 415),
    },
  },
} as const;

/** Adds the routes by which a person ends a render, or decides about a submission of unknown fate. */
export function addDecideRoutes(api: Api, { renders, stopping }: ApiDependencies): void {
  api.delete('/v1/renders/:key', CANCEL, async (request, reply) => {
    const caller = callerOf(request);
    const key = engineKeyOf(caller, request.params.key);
    const signal = waitSignal(reply.raw, stopping);
    await renders.cancel(key, { signal });
    return reply.code(202).send(shownView(caller, await readView(renders, key, { signal })));
  });
  api.post('/v1/renders/:key/decision', DECIDE, async (request, reply) => {
    const caller = callerOf(request);
    const key = engineKeyOf(caller, request.params.key);
    const { action, project, force, by, why } = request.body;
    // By force a person gives any project to a key, also that of another tenant.
    if (force === true && action === 'adopt' && caller.tenant !== undefined) {
      requireScope(caller, 'admin', 'adopting by force');
    }
    const signal = waitSignal(reply.raw, stopping);
    try {
      const terms = { by: signatureOf(caller, by), why, force, signal };
      const answer = await renders.resolve(key, choiceOf(action, project, key), terms);
      return await reply.send({
        ...answer,
        key: shownKeyOf(caller, key) ?? '',
        decision: { ...answer.decision },
      });
    } catch (error) {
      if (!(error instanceof DecisionPending)) throw error;
      return reply.code(202).send(shownView(caller, await readView(renders, key, { signal })));
    }
  });
}

/** The token's name comes first: nobody signs with another's. */
function signatureOf({ name }: Caller, by: string): string {
  return name === undefined ? by : `${name} (${by})`;
}

function choiceOf(
  action: 'adopt' | 'resubmit' | 'abandon',
  project: string | undefined,
  key: string,
): DecisionChoice {
  if (action === 'adopt') {
    if (project === undefined) throw new DecisionRefused('project must name the project to adopt', { key });
    return { adopt: project };
  }
  if (project !== undefined) throw new DecisionRefused('project belongs to adopt', { key });
  return action;
}
