import { jsonReply, refusal } from '../http/reply.js';
import type { CallHandler, CallResult } from '../http/serve.js';
import type { StoredTemplate } from '../account/templates.js';
import type { JsonObject } from '../json.js';
import { isJsonObject } from '../json.js';
import type { World } from '../world.js';

/** Answers `GET /v2/templates`: all of them, or one by `id`. It is the cheapest check of a key, too. */
export const readTemplates: CallHandler = (world, { query }) => {
  const id = query.get('id') ?? '';
  if (id !== '') return readTemplate(world, id, query);
  const tag = query.get('tag')?.toLowerCase();
  const templates = world.templates
    .all()
    .filter(({ tags }) => tag === undefined || tags.some((own) => own.toLowerCase() === tag))
    .map(templateEntry);
  return listed(world, templates);
};

/** Answers `GET /v2/templates/library`: published templates, and those with one of the `tags`. */
export const readGallery: CallHandler = (world, { query }) => {
  const tags = (query.get('tags') ?? '').split(',').filter((tag) => tag !== '');
  const templates = world.templates
    .all()
    .filter((template) => template.published || template.tags.some((tag) => tags.includes(tag)))
    .map((template) => galleryEntry(template, `${world.site.url}/gallery`));
  return listed(world, templates);
};

/** Answers a call for an unknown template: 400 as observed live, against some pages (C14). */
export function noSuchTemplate({ switches }: World, id: string): CallResult {
  const { unknownTemplate } = switches.current;
  const [code, message] =
    unknownTemplate === 404 ? [404, 'Template not found'] : [400, `Template ${id} not found`];
  return { reply: refusal(switches.current, 'templates', code, message) };
}

const timestampOf = ({ clock }: World): string => new Date(clock.now()).toISOString();

function readTemplate(world: World, id: string, query: URLSearchParams): CallResult {
  const template = world.templates.get(id);
  if (template === undefined) return noSuchTemplate(world, id);
  const timestamp = timestampOf(world);
  return { reply: jsonReply(200, { success: true, template: wholeTemplate(template, query), timestamp }) };
}

function listed(world: World, templates: readonly JsonObject[]): CallResult {
  const timestamp = timestampOf(world);
  return { reply: jsonReply(200, { success: true, count: templates.length, templates, timestamp }) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Makes a template's entry in a list. */
function templateEntry(template: StoredTemplate): JsonObject {
  const { id, name, tags, createdAtMs, updatedAtMs } = template;
  return { id, name, tags, created_at: iso(createdAtMs), updated_at: iso(updatedAtMs) };
}

/** Makes a single template. Its `prompt` is a flag (observed live); `scopes=prompt` adds the text. */
function wholeTemplate(template: StoredTemplate, query: URLSearchParams): JsonObject {
  const format = query.get('format');
  const scopes = (query.get('scopes') ?? '').split(',');
  const head = { ...templateEntry(template), owner: true, prompt: template.prompt !== '' };
  if (format === 'jsonschema') return { ...head, variables: jsonSchema(variablesOf(template)) };
  if (format === 'make') return { ...head, variables: descriptors(variablesOf(template)) };
  const movie = template.movieAs === 'string' ? JSON.stringify(template.movie) : template.movie;
  return { ...head, movie, ...(scopes.includes('prompt') ? { prompt: template.prompt } : {}) };
}

/** Makes an entry of the public gallery, which never shows the movie. */
function galleryEntry(template: StoredTemplate, filesUrl: string): JsonObject {
  const { id, movie } = template;
  const video = { video_url: `${filesUrl}/${id}.mp4`, thumbnail_url: `${filesUrl}/${id}.png` };
  return {
    ...templateEntry(template),
    width: movie['width'] ?? 640,
    height: movie['height'] ?? 360,
    ...video,
  };
}

function variablesOf(template: StoredTemplate): [string, unknown][] {
  const { variables } = template.movie;
  return isJsonObject(variables) ? Object.entries(variables) : [];
}

function typeOf(value: unknown): 'text' | 'number' | 'boolean' | 'array' | 'collection' {
  if (typeof value === 'number' || typeof value === 'boolean')
    return typeof value === 'number' ? 'number' : 'boolean';
  if (Array.isArray(value)) return 'array';
  return isJsonObject(value) ? 'collection' : 'text';
}

/** Makes the descriptors for Make: every default is a text, and every template gets two more entries. */
function descriptors(variables: readonly [string, unknown][]): JsonObject[] {
  return [
    { name: 'make_webhook_url', label: 'Webhook URL', type: 'text', advanced: true },
    ...variables.map(([name, value]) => descriptor(name, value)),
    { name: 'client_data', label: 'Client data', type: 'array', advanced: true, spec: [] },
  ];
}

function descriptor(name: string, value: unknown): JsonObject {
  const type = typeOf(value);
  const sample = Array.isArray(value) ? value[0] : value;
  const spec = isJsonObject(sample)
    ? Object.entries(sample).map(([key, inner]) => descriptor(key, inner))
    : [];
  const isNested = type === 'array' || type === 'collection';
  return { name, label: name, type, default: String(value), ...(isNested ? { spec } : {}) };
}

const SCHEMA_TYPES = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  array: 'array',
  collection: 'object',
} as const;

function jsonSchema(variables: readonly [string, unknown][]): JsonObject {
  const properties = variables.map(([name, value]): [string, JsonObject] => [
    name,
    { type: SCHEMA_TYPES[typeOf(value)], default: value },
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}
