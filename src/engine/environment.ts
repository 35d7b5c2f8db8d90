/** An environment as a value, so that nothing here reads the global one. */
export type Environment = Readonly<Record<string, string | undefined>>;

const ENGINE_VARIABLES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'TZ',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'GOMAXPROCS',
  'GOMEMLIMIT',
];

/**
 * What Temporal's executable gets of our environment. Two reasons for a list of what is allowed: `TEMPORAL_*` may
 * point to another cluster (and `TEMPORAL_ENV` with an unknown name ends the dev server, measured), and API keys
 * have no business in a process that needs none.
 */
export function engineEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ENGINE_VARIABLES) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
