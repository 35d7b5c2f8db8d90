/**
 * Restate as its pages advise: a workflow by key, calls to others in `ctx.run`, a webhook sent to a handler of the
 * workflow, and workflow promises to hand the project to callers and the delivery to the run.
 */
import { createServer } from 'node:http2';
import process from 'node:process';
import * as restate from '@restatedev/restate-sdk';
import { announce } from '../child/announce.mjs';
import { checkMovie, deliveredMovie, POLL_SECONDS, postMovie } from '../child/provider.mjs';

const { INGRESS_URL, PAY_ATTEMPTS, PORT } = process.env;

/** By default a failing step is retried without end. */
const paid = PAY_ATTEMPTS === 'one' ? { maxRetryAttempts: 1 } : {};

async function run(ctx, movie) {
  const webhookUrl = `${INGRESS_URL}/restate/call/renderMovie/${ctx.key}/onDelivery`;
  let project;
  try {
    project = await ctx.run('postMovie', () => postMovie(ctx.key, movie, webhookUrl), paid);
  } catch (error) {
    if (error instanceof restate.TerminalError) await ctx.promise('project').reject(error.message);
    throw error;
  }
  await ctx.promise('project').resolve(project);
  for (;;) {
    try {
      return await ctx.promise(`delivery ${project}`).get().orTimeout({ seconds: POLL_SECONDS });
    } catch (error) {
      if (!(error instanceof restate.TimeoutError)) throw error;
    }
    const url = await ctx.run('checkMovie', () => checkMovie(project));
    if (url !== null) return url;
  }
}

const renderMovie = restate.workflow({
  name: 'renderMovie',
  handlers: {
    run,
    project: (ctx) => ctx.promise('project').get(),
    onDelivery: async (ctx, body) => {
      const { project, url } = deliveredMovie(body);
      const promise = ctx.promise(`delivery ${project}`);
      // A promise can be resolved once; a duplicate finds it so.
      if ((await promise.peek()) === undefined) await promise.resolve(url);
    },
  },
});

// Its log is silent: steps that fail are what is measured.
const handler = restate.createEndpointHandler({ services: [renderMovie], logger: () => undefined });
const server = createServer(handler);
server.listen({ host: '127.0.0.1', port: Number(PORT ?? 0) }, () => {
  announce(`http://127.0.0.1:${server.address().port}`, async () => server.close());
});
