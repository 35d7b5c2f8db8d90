import { z } from 'zod';
import { ConfigInvalid } from './render/errors.js';

/** The settings of one process, parsed once from the environment. */
export interface Config {
  /** Absent where no command of this process sends anything to the provider. */
  readonly apiKey: string | undefined;
  readonly json2videoUrl: string;
  readonly taskQueue: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How long a key must be remembered after its render closed. */
  readonly keyMemoryDays: number;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Variable names with their rules; each message completes the sentence "<variable> …". */
const variables = z.object({
  JSON2VIDEO_API_KEY: z.string().trim().min(1, 'is empty').optional(),
  JSON2VIDEO_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .default('https://api.json2video.com'),
  RENDERONCE_TASK_QUEUE: z.string().min(1, 'is empty').default('renderonce'),
  RENDERONCE_LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
  RENDERONCE_KEY_MEMORY_DAYS: z.coerce
    .number({ error: 'must be a number of days' })
    .int('must be a whole number of days')
    .min(1, 'must be at least 1')
    .max(3_650, 'must be at most 3650')
    .default(30),
});

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from environment variables; unset and empty mean the default.
 *
 * @throws ConfigInvalid, which names the variable.
 */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    throw new ConfigInvalid(
      `${name} ${issue?.message ?? 'is unusable'}`,
      `Correct ${name} in the environment and start again.`,
    );
  }
  return {
    apiKey: parsed.data.JSON2VIDEO_API_KEY,
    json2videoUrl: parsed.data.JSON2VIDEO_URL,
    taskQueue: parsed.data.RENDERONCE_TASK_QUEUE,
    logLevel: parsed.data.RENDERONCE_LOG_LEVEL,
    keyMemoryDays: parsed.data.RENDERONCE_KEY_MEMORY_DAYS,
  };
}

/**
 * The API key, for a process that calls the provider.
 *
 * @throws ConfigInvalid
 */
export function requireApiKey(config: Config): string {
  if (config.apiKey !== undefined) return config.apiKey;
  throw new ConfigInvalid(
    'JSON2VIDEO_API_KEY is not set',
    'Set JSON2VIDEO_API_KEY to a project API key of your JSON2Video account, with role render.',
  );
}
