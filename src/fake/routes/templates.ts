import type { JsonObject } from '../json.js';
import type { FakeTemplate } from '../options.js';
import { jsonReply, refusal } from '../reply.js';
import type { CallHandler } from '../serve.js';
import type { World } from '../world.js';

/** `GET /v2/templates`: all of them, or one by `id`. The cheapest check of a key, too. */
export const readTemplates: CallHandler = (world, { call, query }) => {
  const timestamp = new Date(world.clock.now()).toISOString();
  const id = query.get('id');
  if (id === null || id === '') {
    const templates = [...world.templates].map(([key, template]) => entryOf(world, key, template));
    return { reply: jsonReply(200, { success: true, count: templates.length, templates, timestamp }) };
  }
  const template = world.templates.get(id);
  if (template === undefined) return { reply: refusal(call, 400, `Template ${id} not found`) };
  // The movie comes as a string, as the provider's dashboard stores it.
  const movie = JSON.stringify(template.movie);
  const whole = { ...entryOf(world, id, template), movie, owner: true, prompt: false };
  return { reply: jsonReply(200, { success: true, template: whole, timestamp }) };
};

function entryOf(world: World, id: string, template: FakeTemplate): JsonObject {
  const created = new Date(world.startedAtMs).toISOString();
  return {
    id,
    name: template.name ?? id,
    tags: template.tags ?? [],
    created_at: created,
    updated_at: created,
  };
}
