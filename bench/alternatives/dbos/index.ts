import type { StartAlternative } from '../alternative.js';
import { startRoutedBackend } from '../routed-backend.js';

/** DBOS Transact for TypeScript: workflows in the backend's own process, kept in Postgres. */
export const startDbos: StartAlternative = ({ provider, apiKey, databaseUrl, payAttempts }) =>
  startRoutedBackend(new URL('backend.mjs', import.meta.url), {
    PROVIDER_URL: provider,
    PROVIDER_API_KEY: apiKey,
    DATABASE_URL: databaseUrl,
    PAY_ATTEMPTS: payAttempts,
    // It calls pg in a way that pg is going to drop.
    NODE_NO_WARNINGS: '1',
  });
