import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { call, movieOf, post, releaseFakes, startFake, submit } from './support.js';

releaseFakes();

/**
 * What the provider's own n8n node (JSON2Video/n8n-nodes-json2video 1.0.0, read in November 2026: its helpers,
 * actions and tests) relies on in replies. It is the client that was observed against production.
 */
const project = z.string().length(16);
const iso = z.iso.datetime();
const createReply = z.strictObject({ success: z.literal(true), project, timestamp: iso });
const movieShape = z.looseObject({
  project,
  status: z.enum(['pending', 'running', 'done', 'error', 'timeout']),
});
const statusReply = z.looseObject({
  success: z.literal(true),
  movie: movieShape,
  remaining_quota: z.looseObject({ time: z.number() }),
});
const listReply = z.looseObject({
  movies: z.array(movieShape.extend({ json: z.string() })),
  has_next: z.boolean(),
  next_token: z.string().nullable(),
});
const deleteReply = z.strictObject({ success: z.literal(true), project, deleted_at: iso, timestamp: iso });
const templateEntry = z.looseObject({
  id: z.string().length(20),
  name: z.string(),
  tags: z.array(z.string()),
});

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';
const movie = {
  ...movieOf('t'),
  variables: { quote: 'Hello', size: 600, loud: false, voice: { name: 'a' } },
};
const templates = { [TEMPLATE]: { name: 'Quote', tags: ['reel'], movie, published: true } };

describe("replies as the provider's n8n node expects them", () => {
  test('Movie: Create gets exactly success, project and timestamp', async () => {
    const fake = await startFake();
    createReply.parse((await post(fake, movieOf('a'))).json);
    expect(fake.movies()).toHaveLength(1);
  });

  test('Render and Wait and Get Status find `movie`, its status, and the quota beside it; `format=simple` drops json', async () => {
    const fake = await startFake();
    const path = `/v2/movies?project=${await submit(fake)}&format=simple`;
    expect(statusReply.parse((await call(fake, path)).json).movie).toMatchObject({ status: 'pending' });
    fake.advance(60);
    const done = statusReply.parse((await call(fake, path)).json).movie;
    expect(done).toMatchObject({
      status: 'done',
      url: expect.any(String),
      duration: 5,
      size: expect.any(Number),
    });
    expect(done).not.toHaveProperty('json');
  });

  test('a failed render is a 200 with `status: error` and a message to show', async () => {
    const fake = await startFake();
    const id = await submit(fake, {
      scenes: [{ elements: [{ type: 'image', src: 'https://a.invalid/a.png' }] }],
    });
    fake.advance(60);
    const shown = statusReply.parse((await call(fake, `/v2/movies?project=${id}`)).json).movie;
    expect(shown).toMatchObject({
      status: 'error',
      message: "Scene #1, element #1: Failed to download 'https://a.invalid/a.png' (404)",
    });
  });

  test('Get Many pages by `next_token` while `has_next`, at most 100 a page, with json in every format', async () => {
    const fake = await startFake({ cache: false });
    for (let count = 0; count < 52; count += 1) await submit(fake);
    const seen: string[] = [];
    let token: string | null = '';
    for (let page = 0; page < 3 && token !== null; page += 1) {
      const path: string = `/v2/movies?limit=25&format=simple${token === '' ? '' : `&next_token=${token}`}`;
      const read = listReply.parse((await call(fake, path)).json);
      seen.push(...read.movies.map((each) => each.project));
      token = read.has_next ? read.next_token : null;
    }
    expect([new Set(seen).size, token]).toEqual([52, null]);
  });

  test('Delete gets exactly four fields, again and again', async () => {
    const fake = await startFake();
    const path = `/v2/movies?project=${await submit(fake)}`;
    const [one, two] = [
      await call(fake, path, { method: 'DELETE' }),
      await call(fake, path, { method: 'DELETE' }),
    ];
    expect(deleteReply.parse(one.json).deleted_at).toBe(deleteReply.parse(two.json).deleted_at);
  });

  test('the key check is a list of templates: 200, or 400 with a message about the API key', async () => {
    const fake = await startFake({ templates });
    const list = z.looseObject({ templates: z.array(templateEntry) });
    expect(list.parse((await call(fake, '/v2/templates')).json).templates).toHaveLength(1);
    const bad = await call(fake, '/v2/templates', { apiKey: 'not-a-real-key' });
    expect([bad.code, bad.text]).toEqual([400, expect.stringMatching(/api\s*key/i)]);
  });

  test('an unknown project is answered 400 with a leaked runtime error, on reads and deletions', async () => {
    const fake = await startFake();
    const path = '/v2/movies?project=zzzzzzzzzzzzzzzz';
    for (const method of ['GET', 'DELETE']) {
      const { code, json } = await call(fake, path, { method });
      const { message } = z.object({ success: z.literal(false), message: z.string() }).parse(json);
      expect([code, message]).toEqual([400, expect.stringMatching(/^TypeError\b/)]);
    }
  });

  test('failures of POST carry a message and no `success`', async () => {
    const fake = await startFake();
    const { json } = await post(fake, '');
    z.strictObject({ message: z.string(), code: z.string().optional() }).parse(json);
    expect(json).not.toHaveProperty('success');
  });

  test('templates: `templateId` on writes and `id` on reads; a copy says its name; a deletion says nothing', async () => {
    const fake = await startFake({ templates });
    const written = z.strictObject({
      success: z.literal(true),
      templateId: z.string().length(20),
      timestamp: iso,
    });
    const made = await call(fake, '/v2/templates', {
      method: 'POST',
      body: { name: 'n', movie, tags: ['a'] },
    });
    const { templateId } = written.parse(made.json);
    const path = `/v2/templates?id=${templateId}`;
    const read = z.object({ template: templateEntry }).parse((await call(fake, path)).json).template;
    expect(read).toMatchObject({ id: templateId, movie: JSON.stringify(movie), owner: true, prompt: false });
    written.parse((await call(fake, path, { method: 'POST', body: { name: 'm' } })).json);
    const copy = await call(fake, `${path}&action=duplicate`, { method: 'POST', body: {} });
    expect(written.extend({ name: z.string() }).parse(copy.json).name).toBe('m (custom)');
    const gone = await call(fake, path, { method: 'DELETE' });
    z.strictObject({ success: z.literal(true), timestamp: iso }).parse(gone.json);
    expect((await call(fake, path)).text).toContain(`Template ${templateId} not found`);
  });

  test('variables for its form: name, label, type and text defaults, with the two entries it filters out', async () => {
    const fake = await startFake({ templates });
    const { json } = await call(fake, `/v2/templates?id=${TEMPLATE}&format=make`);
    const descriptor = z.looseObject({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      default: z.string().optional(),
    });
    const read = z
      .object({ template: z.looseObject({ variables: z.array(descriptor) }) })
      .parse(json).template;
    const types = Object.fromEntries(read.variables.map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      make_webhook_url: 'text',
      quote: 'text',
      size: 'number',
      loud: 'boolean',
      voice: 'collection',
      client_data: 'array',
    });
    const schema = await call(fake, `/v2/templates?id=${TEMPLATE}&format=jsonschema`);
    expect(schema.text).not.toContain('"movie"');
  });

  test('the gallery names sizes and files, and never a movie', async () => {
    const fake = await startFake({ templates });
    const entry = templateEntry.extend({
      width: z.number(),
      height: z.number(),
      video_url: z.url(),
      thumbnail_url: z.url(),
    });
    const { json } = await call(fake, '/v2/templates/library');
    const read = z.object({ templates: z.array(entry) }).parse(json).templates;
    expect(read).toHaveLength(1);
    expect(read[0]).not.toHaveProperty('movie');
  });
});
