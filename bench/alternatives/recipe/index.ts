import type { StartAlternative } from '../alternative.js';
import { startRoutedBackend } from '../routed-backend.js';

/** The provider's `submitOnce` with a Postgres table and a polling loop. */
export const startRecipe: StartAlternative = ({ provider, apiKey, databaseUrl }) =>
  startRoutedBackend(new URL('backend.mjs', import.meta.url), {
    PROVIDER_URL: provider,
    PROVIDER_API_KEY: apiKey,
    DATABASE_URL: databaseUrl,
  });
