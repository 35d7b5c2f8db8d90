import { jsonReply, refusal } from '../http/reply.js';
import type { CallHandler, CallResult } from '../http/serve.js';
import type { JsonObject } from '../json.js';
import type { World } from '../world.js';
import { galleryEntry, templateEntry, wholeTemplate } from './template-view.js';

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

export const timestampOf = ({ clock }: World): string => new Date(clock.now()).toISOString();

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
