import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/http/tokens.js';
import { n8nWorkflow, runN8n } from '../support/n8n.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const text = await readFile(new URL('../../docs/http/n8n-workflow.json', import.meta.url), 'utf8');
const { token, line } = createToken('n8n', '', 'submit+read');

let stage: Stage;
let server: string;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  const [running] = await Promise.all([stage.startServer({ RENDERONCE_TOKENS: line }), stage.hostWorker()]);
  server = String(running.said['url']);
});
afterAll(() => stage.close());

test('the workflow for n8n ends with the video, and a second run for the same order is paid by the first', async () => {
  const key = freshKey('n8n/a b');
  const first = await runN8n(text, token, { server, key });
  const again = await runN8n(text, token, { server, key });
  expect(first).toEqual({ node: 'Video', item: { key, url: expect.stringMatching(/^http.*\.mp4$/) } });
  expect(again).toEqual(first);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('the workflow for n8n stops with the reason if there is no video', async () => {
  const key = freshKey('n8n-failed');
  await stage.fake.fault({ match: { key }, effect: { kind: 'state', script: ['error'] } });
  await stage.renders.submitOnce(key, CARD, { errorGraceSeconds: 10 });
  const end = await runN8n(text, token, { server, key, movie: CARD });
  expect(end.node).toBe('No video');
  expect(end.error).toMatch(new RegExp(`^${key} is failed: .`));
});

test('the workflow for n8n stops at the request that is refused, and at nothing else', async () => {
  const key = freshKey('n8n-other');
  await runN8n(text, token, { server, key });
  const end = await runN8n(text, token, { server, key, movie: { scenes: [{ duration: 1 }] } });
  expect(end.node).toBe('Render once');
  expect(end.error).toMatch(/^422 .*IdempotencyKeyReused/);
});

test('the workflow for n8n holds together: each name once, and each connection between nodes that exist', () => {
  const { nodes, connections } = n8nWorkflow.parse(JSON.parse(text));
  const names = nodes.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const ends = Object.values(connections).flatMap(({ main }) => main.flat().map(({ node }) => node));
  for (const name of [...Object.keys(connections), ...ends]) expect(names).toContain(name);
  const requests = nodes.filter((node) => node.type === 'n8n-nodes-base.httpRequest');
  expect(requests.map(({ parameters }) => parameters.method)).toEqual(['PUT', 'GET']);
  expect(requests.every(({ retryOnFail }) => retryOnFail)).toBe(true);
});
