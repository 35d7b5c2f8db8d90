import type { StartAlternative } from '../alternative.js';
import { startBackend } from '../processes.js';
import { callRoutes, httpCaller } from '../http-caller.js';

/** The provider's `submitOnce` with a Postgres table and a polling loop. */
export const startRecipe: StartAlternative = async ({ provider, apiKey, databaseUrl }) => {
  const backend = await startBackend(new URL('backend.mjs', import.meta.url), {
    PROVIDER_URL: provider,
    PROVIDER_API_KEY: apiKey,
    DATABASE_URL: databaseUrl,
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
