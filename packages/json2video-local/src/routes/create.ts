import { isDraft } from '../account/plan.js';
import type { CallHandler, CallResult } from '../http/serve.js';
import { creditRefusal, jsonReply, refusal } from '../http/reply.js';
import type { JsonObject } from '../json.js';
import { isJsonObject, textOf } from '../json.js';
import type { Submission } from '../movies/acceptance.js';
import type { RenderPlan } from '../movies/render-plan.js';
import { planRender } from '../movies/render-plan.js';
import { movieFault, unknownKeyFault, withNumbers } from '../submission/movie-checks.js';
import { withVariables } from '../submission/variables.js';
import type { World } from '../world.js';

/** Answers `POST /v2/movies`. It is not idempotent: every accepted call is a new project. */
export const createMovie: CallHandler = (world, { call, body, movie }) => {
  const switches = world.switches.current;
  const refuse = (code: number, message: string): CallResult => ({
    reply: refusal(switches, call, code, message),
  });
  if (body === undefined) return refuse(413, 'Request Entity Too Large');
  if (!movie.ok) return refuse(400, movie.message);
  const submitted = movie.movie;
  const rendered = renderedMovie(world, submitted);
  const fault = rendered === undefined ? undefined : movieFault(rendered, switches);
  const wrong = fault ?? unknownKeyFault(submitted, switches);
  if (wrong !== undefined) return refuse(400, wrong);
  if (rendered === undefined) return unknownTemplate(world, submitted, refuse);
  const plan = planFor(world, rendered);
  if (switches.validation === 'post' && plan.failure?.stage === 'document') {
    return refuse(400, plan.failure.message);
  }
  return unaffordable(world, submitted, plan) ?? accepted(world, { submitted, rendered, plan });
};

/** Returns the submitted movie, or the template that it names, with its variables filled in; undefined if there is no such template. */
function renderedMovie(world: World, submitted: JsonObject): JsonObject | undefined {
  const id = textOf(submitted['template']);
  const template = id === undefined ? undefined : world.templates.get(id);
  if (id !== undefined && template === undefined) return undefined;
  const movie = template === undefined ? submitted : renderedTemplate(template.movie, submitted);
  return withNumbers(withVariables(movie, world.assetSeconds), world.switches.current);
}

function planFor(world: World, rendered: JsonObject): RenderPlan {
  const nowMs = world.clock.now();
  return planRender(rendered, {
    switches: world.switches.current,
    renderSeconds: world.renderSeconds,
    assetSeconds: world.assetSeconds,
    isCachedScene: (fingerprint) => world.cache.hasScene(fingerprint, nowMs),
  });
}

/** Answers a render of an unknown template (C14). Live, reading one answers 400 with its ID. */
function unknownTemplate(
  world: World,
  submitted: JsonObject,
  refuse: (code: number, message: string) => CallResult,
): CallResult {
  const message = `Template ${String(submitted['template'])} not found`;
  const { unknownTemplate: position } = world.switches.current;
  if (position === 400) return refuse(400, message);
  if (position === 404) return refuse(404, 'Template not found');
  const plan: RenderPlan = {
    ...planFor(world, submitted),
    failure: { message, stage: 'document' },
    assets: [],
  };
  return unaffordable(world, submitted, plan) ?? accepted(world, { submitted, rendered: submitted, plan });
}

/** Returns the refusal of a movie that plan or balance do not allow. */
function unaffordable(world: World, submitted: JsonObject, plan: RenderPlan): CallResult | undefined {
  const switches = world.switches.current;
  const beyond = world.plan.tooLarge(plan.width, plan.height) ?? world.plan.usedUp(isDraft(submitted));
  if (beyond !== undefined) return { reply: refusal(switches, 'create', 401, beyond) };
  const isBroke = world.credits.balance < 1 && switches.noCredits !== 'render';
  return isBroke ? { reply: creditRefusal(switches, 'create') } : undefined;
}

function accepted(world: World, submission: Submission): CallResult {
  const movie = world.renders.accept(submission);
  world.plan.count(isDraft(submission.submitted));
  const timestamp = new Date(movie.createdAtMs).toISOString();
  return {
    reply: jsonReply(200, { success: true, project: movie.project, timestamp }),
    accepted: movie,
  };
}

/** Fields that a template render takes from the request if it has them. `exports` is replaced, not merged. */
const OVERRIDES = [
  'resolution',
  'width',
  'height',
  'quality',
  'fps',
  'cache',
  'draft',
  'id',
  'comment',
  'exports',
  'client-data',
];

/** Returns the template's movie with the request's overrides, and the request's variables over the template's own. */
function renderedTemplate(template: JsonObject, request: JsonObject): JsonObject {
  const overrides = OVERRIDES.filter((name) => request[name] !== undefined);
  const own = isJsonObject(template['variables']) ? template['variables'] : {};
  const given = isJsonObject(request['variables']) ? request['variables'] : {};
  return {
    ...template,
    ...Object.fromEntries(overrides.map((name) => [name, request[name]])),
    variables: { ...own, ...given },
  };
}
