import { Destinations } from '../../src/events/destinations.js';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src/http/caller.js';
import { createFindProject } from '../../src/http/drop-in/find-project.js';
import { SharedWatches } from '../../src/http/shared-watches.js';
import { createJson2Video, type Json2Video } from '../../src/json2video/client.js';
import { Renders } from '../../src/starter.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
let provider: Json2Video;
/** A connection of its own to the engine, and the number of questions to its index. */
let lagging: Connection;
let questions = 0;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  await stage.hostWorker();
  lagging = await Connection.connect({ address: stage.engine.address });
  const nothing = async () => {
    questions += 1;
    return { executions: [], nextPageToken: new Uint8Array(), toJSON: () => ({}) };
  };
  const { workflowService } = lagging;
  workflowService.listWorkflowExecutions = Object.assign(nothing, workflowService.listWorkflowExecutions);
  const { url, apiKey } = stage.fake;
  provider = createJson2Video({ url, apiKey, now: Date.now, env: {} });
});
afterAll(async () => {
  await provider.close();
  await lagging.close();
  await stage.close();
});
beforeEach(() => {
  questions = 0;
});

const shop: Caller = { id: 'shop', tenant: 'shop', scopes: ['read'] };
const rival: Caller = { id: 'rival', tenant: 'rival', scopes: ['read'] };
const { signal } = new AbortController();

/** The search of a server whose engine has an index that shows nothing yet. */
function searchWithoutIndex(own: Json2Video | undefined) {
  const client = new Client({ connection: lagging, namespace: stage.engine.namespace });
  const renders = new Renders({ client });
  const watches = new SharedWatches(renders);
  const destinations = new Destinations({});
  const more = { taskQueue: 'renderonce', watches, destinations, provider: own, stopping: signal };
  return createFindProject({ client, renders, assets: 'public', ...more });
}

test('a project that the index does not show yet is found by its mark at the provider, by its own tenant only', async () => {
  const key = `shop:${freshKey('lag')}`;
  const { project } = await stage.renders.submitOnce(key, CARD);
  const find = searchWithoutIndex(provider);
  const [found, foreign, withoutProvider] = await Promise.all([
    find(shop, project, undefined, signal),
    find(rival, project, undefined, signal),
    searchWithoutIndex(undefined)(shop, project, undefined, signal),
  ]);
  expect(found).toMatchObject({ key, project });
  expect(foreign).toBeUndefined();
  expect(withoutProvider).toBeUndefined();
  // Each of the three asked it for 3 s.
  expect(questions).toBe(12);
  expect(await stage.fake.requests({ project, call: 'status' })).not.toHaveLength(0);
});

test('a copied mark shows no project: the engine has the last word', async () => {
  const key = `shop:${freshKey('copy')}`;
  await stage.renders.submitOnce(key, CARD);
  const { namespace } = stage.engine;
  const copy = { ...CARD, 'client-data': { renderonce: { key, namespace, fingerprint: 'f'.repeat(64) } } };
  const posted = await fetch(`${stage.fake.url}/v2/movies`, {
    method: 'POST',
    headers: { 'x-api-key': stage.fake.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(copy),
  });
  const { project } = (await posted.json()) as { project: string };
  const find = searchWithoutIndex(provider);
  expect(await find(shop, project, undefined, signal)).toBeUndefined();
});

test('a key in the base URL finds its project without the index', async () => {
  const key = `shop:${freshKey('keyed')}`;
  const { project } = await stage.renders.submitOnce(key, CARD);
  const find = searchWithoutIndex(undefined);
  expect(await find(shop, project, key, signal)).toMatchObject({ key, project });
  expect(questions).toBe(0);
});
