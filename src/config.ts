import { z } from 'zod';
import { EVENT_VARIABLES, type EventConfig, eventConfigOf } from './events/variables.js';
import { KEEP_VARIABLES, type KeepConfig, keepConfigOf } from './keep/variables.js';
import { ASSET_RULES, type AssetRule } from './movie/asset-urls.js';
import { BUDGET_NAME_RULE, isBudgetName } from './render/budget.js';
import { ConfigInvalid } from './render/errors.js';
import { HOST_AND_PORT, type ListenAddress, listenAddressOf } from './text/listen-address.js';
import { headerFault, Secret, SECRET_BYTES } from './text/secret.js';
import { DEPLOYMENT_VARIABLES, deploymentConfigOf } from './worker/variables.js';

/** Settings of one process, parsed once from the environment. Secrets print redacted. */
export interface Config {
  /** Absent in a process that sends nothing to the provider. */
  readonly apiKey: Secret | undefined;
  readonly json2videoUrl: string;
  readonly taskQueue: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Addresses that submitted movies may point to. */
  readonly assets: AssetRule;
  /** Days for which the engine must remember a key after its render closed. */
  readonly keyMemoryDays: number;
  /** Resubmissions without a person, for renders without this option. */
  readonly resubmissions: number | undefined;
  /** Public base URL of the receiver, perhaps with a path and a query; without it workers watch renders by polling only. */
  readonly webhookUrl: string | undefined;
  /** The first secret signs, all verify. Empty without webhooks. */
  readonly webhookSecrets: readonly Secret[];
  /** Most provider requests a second, of all workers of the task queue together; unlimited by default. */
  readonly providerRps: number | undefined;
  /** The budget of renders that name none; absent if they have none. */
  readonly budget: string | undefined;
  /** Workers send nothing while the account has fewer credits. */
  readonly creditsFloor: number | undefined;
  /** The engine was restored to its state at this ISO time; its workers look before they send. */
  readonly lookFrom: string | undefined;
  /** Address of the receiver, or of the HTTP API. */
  readonly listen: ListenAddress;
  /** Tokens of the HTTP API as `parseTokens` reads them, or `@` and the path of a file; absent if it asks for none. */
  readonly tokens: Secret | undefined;
  /** Most requests a minute for each token of the HTTP API. */
  readonly requestsPerMinute: number;
  /** Address of a worker's health and metrics; absent if it serves none. */
  readonly workerListen: ListenAddress | undefined;
  /** True if a worker makes traces. */
  readonly traces: boolean;
  /** Number of our own proxies in front of the receiver, whose `X-Forwarded-For` it believes. */
  readonly trustedProxyHops: number;
  /** Encryption keys of payloads, as `encryptingDataConverter` takes them; without them payloads stay plain. */
  readonly encryptionKeys: Secret | undefined;
  /** Destinations of events. */
  readonly events: EventConfig;
  /** Where videos are kept. */
  readonly keep: KeepConfig;
  /** The Worker Deployment of versioned workers; absent if workers have no versions. */
  readonly deployment: ReturnType<typeof deploymentConfigOf>;
  /** Token of the codec server; without it the server makes one at its start. */
  readonly codecToken: Secret | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
/** More requests, or proxies in front of a server, are a mistake. */
const MOST = { rps: 10_000, perMinute: 1_000_000, proxyHops: 16, credits: 1_000_000_000 } as const;

/** Rule of a variable that holds a number of things; each message completes the sentence "<variable> …". */
function wholeNumber(of: string, min: number, max: number) {
  return z.coerce
    .number({ error: `must be a number of ${of}` })
    .int(`must be a whole number of ${of}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
}

const SECRET_TEXT = z.string().transform((text) => new Secret(text));

/** The variables with their rules; each message completes the sentence "<variable> …". */
const variables = z.object({
  JSON2VIDEO_API_KEY: z
    .string()
    .trim()
    .min(1, 'is empty')
    .refine((key) => headerFault(key) === undefined, {
      error: ({ input }) => headerFault(String(input)) ?? 'is unusable',
    })
    .transform((key) => new Secret(key))
    .optional(),
  JSON2VIDEO_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .default('https://api.json2video.com'),
  RENDERONCE_TASK_QUEUE: z.string().min(1, 'is empty').default('renderonce'),
  RENDERONCE_LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
  RENDERONCE_ASSETS: z
    .enum(ASSET_RULES, { error: `must be one of ${ASSET_RULES.join(', ')}` })
    .default('public'),
  RENDERONCE_KEY_MEMORY_DAYS: wholeNumber('days', 1, 3_650).default(30),
  RENDERONCE_RESUBMISSIONS: z.enum(['0', '1'], { error: 'must be 0 or 1' }).transform(Number).optional(),
  RENDERONCE_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  RENDERONCE_WEBHOOK_SECRET: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .refine((secrets) => secrets.every((secret) => Buffer.byteLength(secret) >= SECRET_BYTES), {
      error: `must be a secret of at least ${SECRET_BYTES} bytes, or several with commas between`,
    })
    .default([]),
  RENDERONCE_PROVIDER_RPS: z.coerce
    .number({ error: 'must be a number of requests a second' })
    .positive('must be more than 0')
    .max(MOST.rps, `must be at most ${MOST.rps}`)
    .optional(),
  RENDERONCE_LOOK_FROM: z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time, e.g. 2026-11-29T04:00:00Z' })
    .optional(),
  RENDERONCE_BUDGET: z.string().refine(isBudgetName, BUDGET_NAME_RULE).optional(),
  RENDERONCE_CREDITS_FLOOR: wholeNumber('credits', 0, MOST.credits).optional(),
  RENDERONCE_LISTEN: z
    .string()
    .regex(HOST_AND_PORT, 'must be host:port, e.g. 127.0.0.1:8080')
    .transform(listenAddressOf)
    .default({ host: '127.0.0.1', port: 8080 }),
  RENDERONCE_TOKENS: SECRET_TEXT.optional(),
  RENDERONCE_REQUESTS_PER_MINUTE: wholeNumber('requests a minute', 1, MOST.perMinute).default(6_000),
  RENDERONCE_WORKER_LISTEN: z
    .union([z.literal('off'), z.string().regex(HOST_AND_PORT).transform(listenAddressOf)], {
      error: 'must be host:port, e.g. 127.0.0.1:8081, or off',
    })
    // Several workers run on one machine: the first takes the default port, the others any free one.
    .default({ host: '127.0.0.1', port: 8081, orAnyPort: true }),
  RENDERONCE_TRACES: z
    .enum(['on', 'off'], { error: 'must be on or off' })
    .transform((value) => value === 'on')
    .default(false),
  RENDERONCE_TRUSTED_PROXY_HOPS: wholeNumber('proxies', 0, MOST.proxyHops).default(0),
  RENDERONCE_ENCRYPTION_KEYS: SECRET_TEXT.optional(),
  RENDERONCE_CODEC_TOKEN: SECRET_TEXT.optional(),
  ...EVENT_VARIABLES,
  ...KEEP_VARIABLES,
  ...DEPLOYMENT_VARIABLES,
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from environment variables. An unset or empty variable means the default.
 *
 * @throws ConfigInvalid, which names the variable
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
  return configOf(parsed.data);
}

function configOf(data: z.infer<typeof variables>): Config {
  return {
    apiKey: data.JSON2VIDEO_API_KEY,
    json2videoUrl: data.JSON2VIDEO_URL,
    taskQueue: data.RENDERONCE_TASK_QUEUE,
    logLevel: data.RENDERONCE_LOG_LEVEL,
    assets: data.RENDERONCE_ASSETS,
    keyMemoryDays: data.RENDERONCE_KEY_MEMORY_DAYS,
    resubmissions: data.RENDERONCE_RESUBMISSIONS,
    webhookUrl: data.RENDERONCE_WEBHOOK_URL?.replace(/(?<=^[^?#]*)\/+$/, ''),
    webhookSecrets: data.RENDERONCE_WEBHOOK_SECRET.map((text) => new Secret(text)),
    providerRps: data.RENDERONCE_PROVIDER_RPS,
    budget: data.RENDERONCE_BUDGET,
    creditsFloor: data.RENDERONCE_CREDITS_FLOOR,
    lookFrom: data.RENDERONCE_LOOK_FROM,
    listen: data.RENDERONCE_LISTEN,
    tokens: data.RENDERONCE_TOKENS,
    requestsPerMinute: data.RENDERONCE_REQUESTS_PER_MINUTE,
    workerListen: data.RENDERONCE_WORKER_LISTEN === 'off' ? undefined : data.RENDERONCE_WORKER_LISTEN,
    traces: data.RENDERONCE_TRACES,
    trustedProxyHops: data.RENDERONCE_TRUSTED_PROXY_HOPS,
    encryptionKeys: data.RENDERONCE_ENCRYPTION_KEYS,
    events: eventConfigOf(data),
    codecToken: data.RENDERONCE_CODEC_TOKEN,
    keep: keepConfigOf(data),
    deployment: deploymentConfigOf(data),
  };
}
