import type { StoredTemplate, TemplateChanges } from '../account/templates.js';
import { templateMovieOf } from '../account/templates.js';
import { jsonReply, refusal } from '../http/reply.js';
import type { CallHandler, CallResult } from '../http/serve.js';
import type { JsonObject } from '../json.js';
import { isJsonObject, parsedJson, textOf } from '../json.js';
import { alphanumeric } from '../random.js';
import type { World } from '../world.js';
import { noSuchTemplate } from './templates.js';

/** Stored template movie, bytes, and its name, characters. */
const MAX_TEMPLATE_BYTES = 100 * 1024;
const MAX_TEMPLATE_NAME_CHARS = 100;

/** Answers `POST /v2/templates`: makes a template; with `id` changes it, or with `action=duplicate` copies it. */
export const writeTemplate: CallHandler = (world, { query, body: text }) => {
  if (text === undefined) return refused(world, 'Request Entity Too Large', 413);
  const body = text === '' ? {} : parsedJson(text);
  if (!isJsonObject(body)) return refused(world, 'Error parsing template JSON');
  const changes = changesIn(body);
  if (typeof changes === 'string') return refused(world, changes);
  const id = query.get('id') ?? '';
  if (id === '') return create(world, changes);
  const template = world.templates.get(id);
  if (template === undefined) return noSuchTemplate(world, id);
  if (query.get('action') === 'duplicate') return duplicate(world, template, body);
  world.templates.update(template, changes, world.clock.now());
  return done(world, { templateId: id });
};

/** Answers `DELETE /v2/templates?id=`; the reply does not repeat the ID. */
export const deleteTemplate: CallHandler = (world, { query }) => {
  const id = query.get('id') ?? '';
  if (world.templates.get(id) === undefined) return noSuchTemplate(world, id);
  world.templates.remove(id);
  return done(world, {});
};

function create(world: World, { name, movie, tags = [], prompt = '' }: TemplateChanges): CallResult {
  if (name === undefined) return refused(world, "Property 'name' is required");
  if (movie === undefined) return refused(world, "Property 'movie' is required");
  return stored(world, { name, movie, tags, prompt }, {});
}

/** Makes a copy in this account; the request's variables win over the template's. */
function duplicate(world: World, template: StoredTemplate, body: JsonObject): CallResult {
  const name = textOf(body['name']) ?? `${template.name} (custom)`;
  const variables = merged(template.movie['variables'], body['variables']);
  const movie = body['variables'] === undefined ? template.movie : { ...template.movie, variables };
  return stored(world, { ...template, name, movie, published: false }, { name });
}

function stored(
  world: World,
  template: Required<TemplateChanges> & Partial<StoredTemplate>,
  answer: JsonObject,
): CallResult {
  if (world.templates.isFull) return refused(world, 'Too many templates');
  const id = alphanumeric(world.random, 20);
  world.templates.put(id, template, world.clock.now());
  return done(world, { templateId: id, ...answer });
}

/** Returns the fields to change; a text if they are wrong. */
function changesIn(body: JsonObject): TemplateChanges | string {
  const name = textOf(body['name']);
  if (name !== undefined && name.length > MAX_TEMPLATE_NAME_CHARS) {
    return `Property 'name' is longer than ${MAX_TEMPLATE_NAME_CHARS} characters`;
  }
  const movie = templateMovieOf(body['movie']);
  if (body['movie'] !== undefined && movie === undefined) return "Property 'movie' is not a movie";
  if (movie !== undefined && JSON.stringify(movie).length > MAX_TEMPLATE_BYTES)
    return 'Template is too large';
  const prompt = textOf(body['prompt']);
  return {
    ...(name === undefined ? {} : { name }),
    ...(movie === undefined ? {} : { movie }),
    ...(body['tags'] === undefined ? {} : { tags: tagsOf(body['tags']) }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

/** Reads tags from an array, or from a text with commas. */
function tagsOf(value: unknown): string[] {
  const tags: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return tags.flatMap((tag) => (typeof tag === 'string' && tag.trim() !== '' ? [tag.trim()] : []));
}

function merged(own: unknown, given: unknown): unknown {
  if (given === undefined) return own;
  if (!isJsonObject(own) || !isJsonObject(given)) return given;
  const names = [...new Set([...Object.keys(own), ...Object.keys(given)])];
  return Object.fromEntries(names.map((name) => [name, merged(own[name], given[name])]));
}

function done(world: World, answer: JsonObject): CallResult {
  return {
    reply: jsonReply(200, { success: true, ...answer, timestamp: new Date(world.clock.now()).toISOString() }),
  };
}

function refused(world: World, message: string, code = 400): CallResult {
  return { reply: refusal(world.switches.current, 'templates', code, message) };
}
