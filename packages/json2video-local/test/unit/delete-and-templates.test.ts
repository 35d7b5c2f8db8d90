import { describe, expect, test } from 'vitest';

import { call, movieOf, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

describe('DELETE /v2/movies?project=', () => {
  test('the file goes and the record stays, and deleting again changes nothing', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    fake.advance(60);
    const first = await call(fake, `/v2/movies?project=${project}`, { method: 'DELETE' });
    const deletedAt = expect.stringMatching(/^2026-11-15T12:01/);
    expect(first.code).toBe(200);
    expect(first.json).toEqual({ success: true, project, deleted_at: deletedAt, timestamp: deletedAt });
    fake.advance(60);
    const second = await call(fake, `/v2/movies?id=${project}`, { method: 'DELETE' });
    expect(second.json).toMatchObject({ success: true, deleted_at: deletedAt });
    expect(await status(fake, project)).toMatchObject({ status: 'done', url: null, deleted_at: deletedAt });
    expect(fake.credits().spent).toBe(5);
  });

  test('it does not stop a running render', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    await call(fake, `/v2/movies?project=${project}`, { method: 'DELETE' });
    fake.advance(60);
    expect(fake.movies()[0]).toMatchObject({ status: 'done', credits: 5 });
  });

  test('a malformed and an unknown project are both 400', async () => {
    const fake = await startFake();
    const malformed = await call(fake, '/v2/movies?project=short', { method: 'DELETE' });
    const unknown = await call(fake, '/v2/movies?project=AAAAAAAAAAAAAAAA', { method: 'DELETE' });
    expect(malformed.json).toEqual({
      success: false,
      message: "A 16-character project ID must be provided in the 'project' query parameter",
    });
    expect([malformed.code, unknown.code]).toEqual([400, 400]);
    expect(unknown.json).toMatchObject({ message: expect.stringContaining('TypeError') });
  });
});

describe('GET /v2/templates', () => {
  const id = 'LerKrmBfiqaIgBuacLWn';
  const templates = { [id]: { name: 'Listing', tags: ['house'], movie: movieOf('t') } };

  test('the list names every template without its movie', async () => {
    const fake = await startFake({ templates });
    const answer = await call(fake, '/v2/templates');
    expect(answer.code).toBe(200);
    expect(answer.json).toMatchObject({ success: true, count: 1, templates: [{ id, name: 'Listing' }] });
    expect(answer.text).not.toContain('"movie"');
  });

  test('one template carries its movie as a string', async () => {
    const fake = await startFake({ templates });
    const answer = await call(fake, `/v2/templates?id=${id}`);
    const movie = JSON.stringify(movieOf('t'));
    expect(answer.json).toMatchObject({ success: true, template: { id, movie, owner: true, prompt: false } });
  });

  test('an unknown template and a bad key answer 400', async () => {
    const fake = await startFake({ templates });
    const unknown = await call(fake, '/v2/templates?id=AAAAAAAAAAAAAAAAAAAA');
    const badKey = await call(fake, '/v2/templates', { apiKey: 'nope' });
    const message = 'Template AAAAAAAAAAAAAAAAAAAA not found';
    expect([unknown.code, unknown.json]).toEqual([400, { success: false, message }]);
    expect([badKey.code, badKey.json]).toEqual([400, { success: false, message: 'Error: Invalid API Key' }]);
  });
});
