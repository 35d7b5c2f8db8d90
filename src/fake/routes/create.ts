import type { JsonObject } from '../json.js';
import { textOf } from '../json.js';
import { jsonReply, refusal } from '../reply.js';
import type { CallHandler, CallResult } from '../serve.js';
import { filledTemplate } from '../submitted-movie.js';
import type { World } from '../world.js';

/** `POST /v2/movies`. Not idempotent: every accepted call is a new project. */
export const createMovie: CallHandler = (world, { call, movie }) => {
  const refuse = (code: number, message: string): CallResult => ({ reply: refusal(call, code, message) });
  if (movie === 'too-large') return refuse(413, 'Request Entity Too Large');
  if (!movie.ok) return refuse(400, movie.message);
  const rendered = renderedMovie(world, movie.movie);
  if (rendered === undefined) return refuse(400, `Template ${String(movie.movie['template'])} not found`);
  if (world.credits.balance < 1) return refuse(400, 'Insufficient credits');
  const accepted = world.renders.accept(movie.movie, rendered);
  const timestamp = new Date(accepted.createdAtMs).toISOString();
  return { reply: jsonReply(200, { success: true, project: accepted.project, timestamp }), accepted };
};

/** The submitted movie, or the template it names, filled; undefined: there is no such template. */
function renderedMovie(world: World, submitted: JsonObject): JsonObject | undefined {
  const id = textOf(submitted['template']);
  if (id === undefined) return submitted;
  const template = world.templates.get(id);
  return template === undefined ? undefined : filledTemplate(template.movie, submitted);
}
