/**
 * DBOS Transact as its pages advise: the key is the workflow's ID and so its idempotency key, calls to others are
 * steps, project and video are published as events, a webhook is a message to the workflow (its checkout tutorial).
 */
import process from 'node:process';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { announce } from '../child/announce.mjs';
import { checkMovie, POLL_SECONDS, postMovie } from '../child/provider.mjs';
import { serve } from '../child/serve.mjs';

/** "HTTP requests to unreliable services … should be performed in steps with configured retries": its defaults. */
const retried = { retriesAllowed: true };
const paid = process.env.PAY_ATTEMPTS === 'one' ? {} : retried;

/** Steps that fail are what is measured. */
const ignore = () => undefined;
const SILENT = { info: ignore, debug: ignore, warn: ignore, error: ignore };

/** As long as the caller waits. */
const WAIT_SECONDS = 600;

async function render(movie) {
  const key = DBOS.workflowID;
  const project = await DBOS.runStep(() => postMovie(key, movie, server.webhookUrl(key)), {
    name: 'postMovie',
    ...paid,
  }).catch(async (error) => {
    await DBOS.setEvent('project', null);
    throw error;
  });
  await DBOS.setEvent('project', project);
  for (;;) {
    const delivered = await DBOS.recv('delivery', POLL_SECONDS);
    if (delivered !== null && delivered.project !== project) continue;
    const url =
      delivered?.url ?? (await DBOS.runStep(() => checkMovie(project), { name: 'checkMovie', ...retried }));
    if (url === null) continue;
    // Whoever waits for an event is woken; the result of a workflow is polled for, once a second.
    await DBOS.setEvent('url', url);
    return;
  }
}
const renderMovie = DBOS.registerWorkflow(render, { name: 'renderMovie' });

const server = await serve({
  submit: async (key, movie) => {
    const { workflowID } = await DBOS.startWorkflow(renderMovie, { workflowID: key })(movie);
    const project = await DBOS.getEvent(workflowID, 'project', WAIT_SECONDS);
    if (project === null) throw new Error(`${key} was not submitted`);
    return project;
  },
  result: (key) => DBOS.getEvent(key, 'url', WAIT_SECONDS),
  onDelivery: (key, movie) => DBOS.send(key, movie, 'delivery', movie.project),
});
DBOS.setConfig({
  name: 'alternative',
  applicationVersion: '1',
  systemDatabaseUrl: process.env.DATABASE_URL,
  logger: SILENT,
});
await DBOS.launch();
announce(server.url, async () => {
  await server.close();
  await DBOS.shutdown();
});
