import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { ROLES } from './account/keys.js';
import { faultRuleSchema } from './faults/fault-rule.js';
import { OptionInvalid } from './invalid.js';
import { parsedJson } from './json.js';
import type { FakeOptions } from './options.js';
import { scenarioList } from './scenarios.js';
import { switchesSchema } from './switches.js';

const count = z.number().int().min(0);
const movie = z.record(z.string(), z.unknown());

const key = z.strictObject({ role: z.enum(ROLES), expiresAt: z.iso.datetime().exactOptional() });
const plan = z.strictObject({
  maxWidth: count.exactOptional(),
  maxHeight: count.exactOptional(),
  concurrentRenders: z.number().int().min(1).exactOptional(),
  movies: count.exactOptional(),
  drafts: count.exactOptional(),
});
const template = z.strictObject({
  movie,
  name: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  prompt: z.string().exactOptional(),
  published: z.boolean().exactOptional(),
  movieAs: z.enum(['string', 'object']).exactOptional(),
});
const connection = z.looseObject({
  type: z.enum(['webhook', 'ftp', 'sftp', 'email']),
  endpoint: z.string().exactOptional(),
  'content-type': z.string().exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
});

/** The options of the library that make sense in a file, under the same names. */
const configFile = z.strictObject({
  port: z.number().int().min(0).max(65_535).exactOptional(),
  apiKey: z.string().min(1).exactOptional(),
  keys: z.record(z.string(), key).exactOptional(),
  timeScale: z.number().positive().exactOptional(),
  fixedClock: z.boolean().exactOptional(),
  startAt: z.iso.datetime().exactOptional(),
  seed: count.exactOptional(),
  credits: z.number().min(0).exactOptional(),
  plan: plan.exactOptional(),
  cache: z.boolean().exactOptional(),
  dataFolder: z.string().exactOptional(),
  journalFile: z.string().exactOptional(),
  renderSeconds: z.number().min(0).exactOptional(),
  assetSeconds: z.record(z.string(), z.number().positive()).exactOptional(),
  renderJitter: z.number().min(0).max(1).exactOptional(),
  switches: switchesSchema.partial().exactOptional(),
  scenarios: z.array(z.enum(scenarioList().map(({ name }) => name))).exactOptional(),
  faults: z.array(faultRuleSchema).exactOptional(),
  templates: z.record(z.string(), template).exactOptional(),
  connections: z.record(z.string(), connection).exactOptional(),
  webhookTimeoutSeconds: z.number().positive().exactOptional(),
  exportSeconds: z.number().positive().exactOptional(),
  maxMovies: z.number().int().min(1).exactOptional(),
});

/** Reads options from a JSON file. @throws OptionInvalid */
export function readFakeConfig(path: string): FakeOptions {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new OptionInvalid(`${path} cannot be read.`);
  }
  const parsed = configFile.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new OptionInvalid(
    `In ${path} "${field === '' ? '(whole file)' : field}" is not usable: ${issue?.message ?? 'invalid'}.`,
  );
}
