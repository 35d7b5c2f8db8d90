import { startFakeJson2Video } from 'json2video-local';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createJson2Video } from '../../src/json2video/client.js';
import type { HttpReply } from '../../src/json2video/http-get.js';
import { createReadTemplate } from '../../src/json2video/read-template.js';
import { withTemplateOwn } from '../../src/movie/template.js';
import { classifySubmission } from '../../src/render/submission.js';

const ID = 'LerKrmBfiqaIgBuacLWn';
const FTP = { type: 'sftp', host: 'files.example.com', username: 'u', password: 'pass-phrase' };
const OWN = {
  'client-data': { shop: 7, order: 'none' },
  exports: [{ destinations: [FTP] }],
};

/** A reader whose provider gives these replies, one after the other; the clock stands unless it is set. */
function reader(...replies: (HttpReply | Error)[]) {
  const asked: string[] = [];
  const clock = { ms: 0 };
  const get = async (url: URL): Promise<HttpReply> => {
    asked.push(url.href);
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined || reply instanceof Error) throw reply ?? new Error('no reply');
    return reply;
  };
  const read = createReadTemplate(get, new URL('https://api.example.com/v2/templates'), {}, () => clock.ms);
  return { asked, clock, read: () => read(ID, 5_000) };
}
const reply = (status: number, body: unknown): HttpReply => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const found = (movie: unknown): HttpReply => reply(200, { success: true, template: { id: ID, movie } });
const endOf = (reading: Awaited<ReturnType<ReturnType<typeof createReadTemplate>>>): unknown =>
  'evidence' in reading ? classifySubmission(reading.evidence) : reading;

describe('a template is read', () => {
  test.each<[string, unknown]>([
    ['as an object', { ...OWN, scenes: [] }],
    ['as text', JSON.stringify({ ...OWN, scenes: [] })],
  ])('%s', async (_, movie) => {
    const { asked, read } = reader(found(movie));
    expect(await read()).toEqual({ own: OWN, movie: expect.anything() });
    expect(asked).toEqual([`https://api.example.com/v2/templates?id=${ID}`]);
  });

  test.each([
    [{}],
    [{ 'client-data': [], exports: [] }],
    [{ 'client-data': 'x', exports: { destinations: [FTP] } }],
  ])('without own values: %j', async (movie) => {
    expect(await reader(found(movie)).read()).toEqual({ own: {}, movie });
  });

  test('once in 5 minutes, and not remembered if it could not be read', async () => {
    const { asked, clock, read } = reader(reply(503, ''), found(OWN));
    await read();
    await read();
    clock.ms = 299_999;
    await read();
    expect(asked).toHaveLength(2);
    clock.ms = 300_000;
    await read();
    expect(asked).toHaveLength(3);
  });
});

test.each(['', '/v2'])('a template is read over HTTP, beside the movies of …%s', async (path) => {
  const templates = { [ID]: { movie: { ...OWN, scenes: [] } } };
  const fake = await startFakeJson2Video({ templates });
  onTestFinished(() => fake.close());
  const options = { url: `${fake.url}${path}`, apiKey: fake.apiKey, now: () => fake.now() };
  const json2video = createJson2Video(options);
  onTestFinished(() => json2video.close());
  expect(await json2video.template(ID, 5_000)).toEqual({ own: OWN, movie: expect.anything() });
  expect(await json2video.template('DoesNotExist00000000', 5_000)).toEqual({
    unreadable: 'Template DoesNotExist00000000 not found',
  });
});

describe('a template that cannot be read', () => {
  test.each<[string, string, HttpReply | Error]>([
    ['a wrong key', 'a valid API key', reply(400, { success: false, message: 'Error: Invalid API Key' })],
    ['a wrong key, told with 200', 'a valid API key', reply(200, { success: false, message: 'Bad API key' })],
    ['no credits', 'credits', reply(400, { message: 'Insufficient credits' })],
    ['a rate limit', 'the rate limit to pass', { ...reply(429, ''), retryAfterMs: 9_000 }],
    ['a fault of the server', 'a readable template', reply(500, { error: 'Error starting subprocess' })],
    ['a gateway', 'a readable template', reply(502, '<html>')],
    ['a login page in between', 'a readable template', reply(200, '<html>')],
    ['a redirect', 'a readable template', reply(302, '')],
    ['no connection', 'a connection to JSON2Video', new Error('connect ECONNREFUSED')],
  ])('makes the submission refused for %s, until %s', async (_, waitingFor, answer) => {
    expect(endOf(await reader(answer).read())).toMatchObject({ end: 'refused', waitingFor });
  });

  test.each<[string, HttpReply]>([
    ['an unknown template', reply(400, { success: false, message: `Template ${ID} not found` })],
    ['an unknown template, as documented', reply(404, { message: 'Template not found' })],
    ['an unknown path', reply(404, '<html>')],
    ['a reply of another shape', reply(200, { templates: [] })],
    ['a movie that is no JSON', found('{')],
  ])('lets the POST tell why for %s', async (_, answer) => {
    expect(await reader(answer).read()).toHaveProperty('unreadable');
  });

  test('says in no word what the template holds', async () => {
    const { read } = reader(reply(500, found(OWN).body));
    expect(JSON.stringify(endOf(await read()))).not.toContain('pass-phrase');
  });
});

describe('a template render keeps what is the template’s', () => {
  const template = { template: ID, variables: {} };

  test.each<[string, object, boolean, object]>([
    ['its client-data', template, false, { 'client-data': OWN['client-data'] }],
    [
      'its client-data under that of the request',
      { ...template, 'client-data': { order: 1 } },
      false,
      { 'client-data': { shop: 7, order: 1 } },
    ],
    ['its exports, if ours follow', template, true, OWN],
    [
      'but the exports of the request, if it has some',
      { ...template, exports: [] },
      true,
      { ...OWN, exports: [] },
    ],
  ])('%s', (_, movie, copies, expected) => {
    expect(withTemplateOwn({ ...movie }, OWN, copies)).toEqual({ ...movie, ...expected });
  });
});
