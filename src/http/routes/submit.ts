import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { warningsAbout } from '../../movie/check.js';
import { KeyInvalid, OptionsInvalid, SubmissionPending } from '../../render/errors.js';
import type { RenderState } from '../../render/state.js';
import type { JsonObject } from '../../text/json.js';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { engineKeyOf, requireScope } from '../caller.js';
import { ACCEPTANCE_SECONDS, idempotencyKeyOf, waitOf } from '../headers.js';
import { budgetOf } from '../tenant-budget.js';
import { keyParams, renderSchema, type Submission, submissionSchema } from '../schemas.js';
import { type EngineView, readView, shownView } from '../views.js';

/** States of a render that was not accepted yet, with the seconds after which asking again makes sense. */
const PENDING: Readonly<Partial<Record<RenderState, number>>> = {
  submitting: 5,
  waiting: 15,
  unknown: 15,
  held: 60,
};

const prefer = z.string().optional().describe('wait=N: longest wait in seconds, 0 to 60; 25 by default');
const answers = {
  200: renderSchema.describe('Another call had started the render; header Idempotent-Replayed: true'),
  201: renderSchema.describe('This call started the render, and the provider accepted the movie'),
  202: renderSchema.describe('The provider has not accepted the movie yet; send the same request again'),
  ...problems(402, 409, 413, 415, 422),
};

const config = {
  scope: 'submit',
  answerHeaders: {
    200: ['Idempotent-Replayed', 'Preference-Applied'],
    201: ['Preference-Applied'],
    202: ['Retry-After', 'Idempotent-Replayed', 'Preference-Applied'],
  },
} as const;

const PUT = {
  config,
  schema: {
    operationId: 'submitRender',
    summary: 'Render a movie once under a key; safe to repeat',
    params: keyParams,
    headers: z.looseObject({ prefer }),
    body: submissionSchema,
    response: answers,
  },
} as const;

const POST = {
  config,
  schema: {
    operationId: 'submitRenderByHeader',
    summary: 'Render a movie once under the key in header Idempotency-Key, or in the query',
    querystring: z.looseObject({
      key: z.string().optional().describe('The business key, in place of the header'),
    }),
    headers: z.looseObject({
      'idempotency-key': z.string().optional().describe('The business key, bare or in double quotes'),
      prefer,
    }),
    body: submissionSchema,
    response: answers,
  },
} as const;

/** Adds the routes that submit a movie: PUT, and POST with the key in a header. */
export function addSubmitRoutes(api: Api, dependencies: ApiDependencies): void {
  api.put('/v1/renders/:key', PUT, async (request, reply) =>
    submit(dependencies, request, reply, request.params.key, request.body),
  );
  api.post('/v1/renders', POST, async (request, reply) => {
    const key = keyOfPost(request);
    return submit(dependencies, request, reply, key, request.body);
  });
}

/** Reads the key of a POST from the header or the query. */
function keyOfPost({ raw, url }: FastifyRequest): string {
  const inHeader = idempotencyKeyOf(raw);
  const fields = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  const inQuery = fields.getAll('key');
  const key = inHeader ?? inQuery[0];
  if (key === undefined)
    throw new KeyInvalid('the request has no header Idempotency-Key, and no key in its query');
  if (inQuery.length > 1 || inQuery.some((other) => other !== key))
    throw new KeyInvalid('the request has two keys');
  // Bytes that are no UTF-8 would become a key that looks like others.
  if (inQuery.some((other) => other.includes('\ufffd')))
    throw new KeyInvalid('the key in the query is not UTF-8');
  return key;
}

/** What a call has learnt of its submission before it reads the view. */
interface Told {
  /** Undefined if that is not known. */
  readonly replayed: boolean | undefined;
  readonly project?: string;
  readonly differences?: readonly string[];
}

async function submit(
  { client, renders, stopping, destinations }: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  shownKey: string,
  { movie, options = {} }: Submission,
) {
  const caller = callerOf(request);
  if (options.restart === true) requireScope(caller, 'decide', 'option restart');
  const refusal = destinations.refusalOf(options.notify ?? [], caller.tenant);
  if (refusal !== undefined) throw new OptionsInvalid(`notify: ${refusal}`);
  const key = engineKeyOf(caller, shownKey);
  const wait = waitOf(request.headers['prefer']?.toString(), ACCEPTANCE_SECONDS);
  const signal = waitSignal(reply.raw, stopping);
  const budget = await budgetOf(client, caller, options.budget);
  const call = { ...options, budget, signal };
  const told: Told =
    wait.seconds === 0
      ? await renders.start(key, movie, call)
      : await renders
          .submitOnce(key, movie, { ...call, deadlineMs: wait.seconds * 1_000 })
          .catch(unlessPending);
  const view = await readView(renders, key, { signal });
  if (wait.applied !== undefined) reply.header('preference-applied', wait.applied);
  if (told.replayed === true) reply.header('idempotent-replayed', 'true');
  const body = { ...shownView(caller, accepted(view, told)), ...moreOf(movie, options, told) };
  const retrySeconds = PENDING[body.state];
  if (body.project === undefined && retrySeconds !== undefined) {
    return reply.code(202).header('retry-after', String(retrySeconds)).send(body);
  }
  // A run that ended without a project meanwhile has an error.
  if (body.project === undefined) await renders.result(key, { signal });
  return reply.code(told.replayed === true ? 200 : 201).send(body);
}

function unlessPending(error: unknown): Told {
  if (error instanceof SubmissionPending) return { replayed: error.replayed };
  throw error;
}

/** The acceptance that a call was told of may be newer than what the engine shows. */
function accepted(view: EngineView, { project }: Told): EngineView {
  if (project === undefined || view.project !== undefined) return view;
  return { ...view, project, state: 'rendering' };
}

function moreOf(movie: JsonObject, options: Submission['options'], { replayed, differences = [] }: Told) {
  const { submitPatienceSeconds } = options ?? {};
  const warnings = warningsAbout(movie, submitPatienceSeconds);
  return {
    ...(replayed === undefined ? {} : { replayed }),
    ...(differences.length === 0 ? {} : { differences: [...differences] }),
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}
