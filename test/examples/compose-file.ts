import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const readRootFile = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

const text = z.coerce.string();
const list = z.array(text).default([]);
const variables = z.record(z.string(), text).default({});

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  user: z.string().optional(),
  entrypoint: list,
  command: list,
  environment: variables,
  ports: list,
  volumes: list,
  profiles: list,
  read_only: z.boolean().default(false),
  tmpfs: list,
  cap_drop: list,
  security_opt: list,
  network_mode: z.string().optional(),
  networks: list,
  restart: z.string().optional(),
  stop_grace_period: z.string().default('10s'),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  deploy: z
    .object({ resources: z.object({ limits: z.object({ cpus: text, memory: text, pids: z.number() }) }) })
    .optional(),
});

export type Service = z.infer<typeof serviceSchema>;

const fileSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
});

export type ComposeFile = z.infer<typeof fileSchema>;

/** Compose reads merge keys, so they are read here, too. */
export function parseCompose(source: string): ComposeFile {
  return fileSchema.parse(parse(source, { merge: true }));
}

export const COMPOSE_SOURCE = readRootFile('docker-compose.yml');

export const compose = parseCompose(COMPOSE_SOURCE);

export function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** The services that run our image. */
export const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

/** `docs/deploy/local.env` as compose reads it. */
export const localEnv: Readonly<Record<string, string>> = Object.fromEntries(
  readRootFile('docs/deploy/local.env')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`: what compose puts in, of what it is given. */
export function interpolated(value: string, given: Readonly<Record<string, string>>): string {
  return value.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_whole, name: string, kind?: string, rest = '') => {
      const found = given[name] ?? '';
      if (found === '' && kind === '?') throw new Error(`${name}: ${rest}`);
      return found === '' ? rest : found;
    },
  );
}

/** The variables with which a service starts in the profile `local`. */
export function environmentOf(name: string): Record<string, string> {
  const entries = Object.entries(service(name).environment);
  return Object.fromEntries(entries.map(([variable, value]) => [variable, interpolated(value, localEnv)]));
}

/** A shell script of a job, as the shell in the container gets it. */
export function scriptOf(name: string): string {
  return (service(name).command[0] ?? '').replaceAll('$$', '$');
}
