import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, post, releaseFakes, startFake } from './support.js';

releaseFakes();

const send = (fake: FakeJson2Video, query: string, body?: unknown) =>
  call(fake, `/v2/templates${query}`, { method: 'POST', body });
const idIn = (json: unknown): string => z.object({ templateId: z.string() }).parse(json).templateId;
const templateIn = (json: unknown) =>
  z.object({ template: z.record(z.string(), z.unknown()) }).parse(json).template;

const whole = async (fake: FakeJson2Video, id: string, more = '') =>
  templateIn((await call(fake, `/v2/templates?id=${id}${more}`)).json);

const movie = {
  ...movieOf('t'),
  variables: { title: 'Hello', price: 5, isNew: true, rooms: [{ m2: 3 }], brand: {} },
};

describe('POST /v2/templates', () => {
  test('makes a template: 20 characters under `templateId`, but `id` on reads; its movie comes back as text', async () => {
    const fake = await startFake();
    const body = { name: 'Listing', movie, tags: 'house, big', prompt: 'a house' };
    const { code, json } = await send(fake, '', body);
    const timestamp = expect.stringMatching(/^2026-11-15T12:00:\d\d\.\d{3}Z$/);
    const templateId = expect.stringMatching(/^[A-Za-z0-9]{20}$/);
    expect([code, json]).toEqual([200, { success: true, templateId, timestamp }]);
    const id = idIn(json);
    expect(await whole(fake, id)).toEqual({
      id,
      name: 'Listing',
      tags: ['house', 'big'],
      created_at: timestamp,
      updated_at: timestamp,
      owner: true,
      prompt: true,
      movie: JSON.stringify(movie),
    });
    expect(await whole(fake, id, '&scopes=movie,prompt')).toMatchObject({ prompt: 'a house' });
    expect((await post(fake, { template: id })).code).toBe(200);
  });

  test('with an id changes only what is sent, and puts the template first in the list', async () => {
    const fake = await startFake();
    const [one, two] = [
      await send(fake, '', { name: 'one', movie }),
      await send(fake, '', { name: 'two', movie }),
    ];
    fake.advance(1);
    const changed = await send(fake, `?id=${idIn(one.json)}`, { name: 'first' });
    expect(changed.json).toMatchObject({ success: true, templateId: idIn(one.json) });
    expect(await whole(fake, idIn(one.json))).toMatchObject({ name: 'first', movie: JSON.stringify(movie) });
    const { json } = await call(fake, '/v2/templates');
    expect(json).toMatchObject({ count: 2, templates: [{ name: 'first' }, { id: idIn(two.json) }] });
    await send(fake, `?id=${idIn(one.json)}`, { movie: { scenes: [] } });
    expect(await whole(fake, idIn(one.json))).toMatchObject({ movie: '{"scenes":[]}' });
  });

  test('with action=duplicate copies it, variables merged deeply, and says the name', async () => {
    const fake = await startFake();
    const source = idIn((await send(fake, '', { name: 'Listing', movie })).json);
    const variables = { title: 'Bye', brand: { colour: 'red' } };
    const copied = await send(fake, `?id=${source}&action=duplicate`, { variables });
    expect(copied.json).toMatchObject({ success: true, name: 'Listing (custom)' });
    const copy = z.object({ movie: z.string() }).parse(await whole(fake, idIn(copied.json)));
    expect(JSON.parse(copy.movie)).toMatchObject({ variables: { ...movie.variables, ...variables } });
    const named = await send(fake, `?id=${source}&action=duplicate`, { name: 'Mine' });
    expect(named.json).toMatchObject({ name: 'Mine' });
  });

  test.each([
    ['', { movie }, "Property 'name' is required"],
    ['', { name: 'a' }, "Property 'movie' is required"],
    ['', { name: 'a', movie: 'no JSON' }, "Property 'movie' is not a movie"],
    ['', { name: 'a'.repeat(101), movie }, "Property 'name' is longer than 100 characters"],
    ['', { name: 'a', movie: { scenes: [], comment: 'x'.repeat(100 * 1024) } }, 'Template is too large'],
    ['', '[', 'Error parsing template JSON'],
    ['?id=AAAAAAAAAAAAAAAAAAAA', { name: 'a' }, 'Template AAAAAAAAAAAAAAAAAAAA not found'],
  ])('%s with an unfit body is refused', async (query, body, message) => {
    const fake = await startFake();
    const answer = await send(fake, query, body);
    expect([answer.code, answer.json]).toEqual([400, { success: false, message }]);
  });
});

describe('DELETE /v2/templates', () => {
  test('answers without the id; after it the template is unknown', async () => {
    const fake = await startFake();
    const id = idIn((await send(fake, '', { name: 'a', movie })).json);
    const gone = await call(fake, `/v2/templates?id=${id}`, { method: 'DELETE' });
    expect(gone.json).toEqual({ success: true, timestamp: expect.any(String) });
    const again = await call(fake, `/v2/templates?id=${id}`, { method: 'DELETE' });
    expect([again.code, again.json]).toEqual([400, { success: false, message: `Template ${id} not found` }]);
  });
});

describe('GET /v2/templates', () => {
  const id = 'LerKrmBfiqaIgBuacLWn';
  const templates = { [id]: { name: 'Listing', tags: ['house'], movie, published: true } };

  test('format=jsonschema gives the variables as a schema, without the movie', async () => {
    const fake = await startFake({ templates });
    const template = await whole(fake, id, '&format=jsonschema');
    expect(template).not.toHaveProperty('movie');
    expect(template['variables']).toMatchObject({
      type: 'object',
      properties: {
        title: { type: 'string', default: 'Hello' },
        price: { type: 'number' },
        rooms: { type: 'array' },
      },
    });
  });

  test('format=make gives descriptors with defaults as texts, and two entries that are in every template', async () => {
    const fake = await startFake({ templates });
    const { variables } = await whole(fake, id, '&format=make');
    expect(variables).toEqual([
      { name: 'make_webhook_url', label: 'Webhook URL', type: 'text', advanced: true },
      { name: 'title', label: 'title', type: 'text', default: 'Hello' },
      { name: 'price', label: 'price', type: 'number', default: '5' },
      { name: 'isNew', label: 'isNew', type: 'boolean', default: 'true' },
      {
        name: 'rooms',
        label: 'rooms',
        type: 'array',
        default: '[object Object]',
        spec: [{ name: 'm2', label: 'm2', type: 'number', default: '3' }],
      },
      { name: 'brand', label: 'brand', type: 'collection', default: '[object Object]', spec: [] },
      { name: 'client_data', label: 'Client data', type: 'array', advanced: true, spec: [] },
    ]);
  });

  test('a template may be stored with its movie as an object', async () => {
    const fake = await startFake({ templates: { [id]: { movie, movieAs: 'object' } } });
    expect(await whole(fake, id)).toMatchObject({ movie });
  });

  test('tag filters; the library shows what is published and what has a tag besides, never a movie', async () => {
    const fake = await startFake({ templates: { ...templates, B: { movie, tags: ['big'] }, C: { movie } } });
    expect((await call(fake, '/v2/templates?tag=HOUSE')).json).toMatchObject({
      count: 1,
      templates: [{ id }],
    });
    const gallery = await call(fake, '/v2/templates/library?tags=big');
    const file = { video_url: expect.stringMatching(/mp4$/), thumbnail_url: expect.stringMatching(/png$/) };
    expect(gallery.json).toMatchObject({ count: 2, templates: [{ id, ...file }, { id: 'B' }] });
    expect(gallery.text).not.toContain('"movie"');
  });
});
