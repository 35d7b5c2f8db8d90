import { setTimeout as pause } from 'node:timers/promises';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { html, type Html } from '../../src/console/html.js';
import { sendSlowPage } from '../../src/console/send-page.js';
import { EngineUnavailable } from '../../src/render/errors.js';

/** Longer than a page waits for its content before its head goes ahead. */
const SLOW_MS = 400;
const READING = '<p class="reading">Reading …</p>';

const figures = html`<p>42 credits</p>`;
const failing = async (): Promise<Html> => {
  throw new EngineUnavailable('the engine did not answer in time');
};

async function answerWith(content: () => Promise<Html>) {
  const app = fastify();
  app.decorateRequest('caller', undefined);
  app.get('/', async (_request, reply) =>
    sendSlowPage(reply, (part) => html`<main>${part}</main>`, content()),
  );
  const { statusCode, body, headers } = await app.inject('/');
  await app.close();
  return { statusCode, body, kind: headers['content-type'], kept: headers['cache-control'] };
}

const page = { statusCode: 200, kind: 'text/html; charset=utf-8', kept: 'no-store' };

test('a page whose content is there at once has no hint that it is read', async () => {
  expect(await answerWith(async () => figures)).toEqual({ ...page, body: '<main><p>42 credits</p></main>' });
});

test('the head of a page goes ahead of content that takes long', async () => {
  const body = `<main>${READING}<p>42 credits</p></main>`;
  expect(await answerWith(() => pause(SLOW_MS, figures))).toEqual({ ...page, body });
});

test('content that fails at once has a status; content that fails later says why in its place', async () => {
  expect((await answerWith(failing)).statusCode).toBe(500);
  const late = await answerWith(() => pause(SLOW_MS).then(failing));
  expect(late.statusCode).toBe(200);
  expect(late.body.startsWith(`<main>${READING}<div class="notice bad" role="alert">`)).toBe(true);
  expect(late.body).toContain('the engine does not answer');
  expect(late.body.endsWith('</main>')).toBe(true);
});
