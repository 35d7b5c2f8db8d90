import { z } from 'zod';
import type { StartAlternative } from '../alternative.js';
import { startBackend } from '../server-process.js';
import { httpCaller } from '../http-caller.js';
import { startRestateServer } from './server.js';

/** Restate: a server of its own that keeps the workflows, and calls the backend that runs them. */
export const startRestate: StartAlternative = async ({ provider, apiKey, directory, payAttempts }) => {
  const server = await startRestateServer(directory);
  const backend = await startBackend(new URL('backend.mjs', import.meta.url), {
    PROVIDER_URL: provider,
    PROVIDER_API_KEY: apiKey,
    INGRESS_URL: server.ingressUrl,
    PAY_ATTEMPTS: payAttempts,
  });
  await server.register(backend.url);
  const caller = httpCaller();
  const workflow = `${server.ingressUrl}/restate`;
  return {
    submit: async (key, movie) => {
      // Sent again for a key that is known, this is answered "previously accepted".
      await caller.ask('POST', `${workflow}/send/renderMovie/${key}/run`, movie);
      return z.string().parse(await caller.ask('POST', `${workflow}/call/renderMovie/${key}/project`));
    },
    result: async (key) => {
      const target = { target: 'workflow', workflowName: 'renderMovie', workflowKey: key };
      return { url: z.string().parse(await caller.ask('POST', `${workflow}/attach`, target)) };
    },
    get processIds() {
      return [server.pid, backend.pid];
    },
    crash: () => backend.crash(),
    stop: async () => {
      await caller.close();
      await backend.stop();
      await server.stop();
    },
  };
};
