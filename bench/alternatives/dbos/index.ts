import type { StartAlternative } from '../alternative.js';
import { startBackend } from '../processes.js';
import { callRoutes, httpCaller } from '../http-caller.js';

/** DBOS Transact for TypeScript: workflows in the backend's own process, kept in Postgres. */
export const startDbos: StartAlternative = async ({ provider, apiKey, databaseUrl, payAttempts }) => {
  const backend = await startBackend(new URL('backend.mjs', import.meta.url), {
    PROVIDER_URL: provider,
    PROVIDER_API_KEY: apiKey,
    DATABASE_URL: databaseUrl,
    PAY_ATTEMPTS: payAttempts,
    // It calls pg in a way that pg is going to drop.
    NODE_NO_WARNINGS: '1',
  });
  const caller = httpCaller();
  return {
    ...callRoutes(caller, () => backend.url),
    get processIds() {
      return [backend.pid];
    },
    crash: () => backend.crash(),
    stop: async () => {
      await caller.close();
      await backend.stop();
    },
  };
};
