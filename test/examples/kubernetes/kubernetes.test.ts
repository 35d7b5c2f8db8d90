import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config.js';
import { isJsonObject } from '../../../src/text/json.js';
import { readRootFile } from '../compose-file.js';
import { type Manifest, openSchemas, parseManifests, readManifests } from './manifests.js';

/** The variables in the schema of config.ts. */
const OWN =
  ['src/config.ts', 'src/events/variables.ts', 'src/keep/variables.ts']
    .map(readRootFile)
    .join('')
    .match(/(?<=^ {2})(?:JSON2VIDEO|RENDERONCE)_\w+(?=:)/gm) ?? [];

const faultsOf = await openSchemas();
const manifests = await readManifests();

/** A value within an object, by the names on the way. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)];
    else found = isJsonObject(found) ? found[step] : undefined;
  }
  return found;
}

function manifest(kind: string, name: string): Manifest['object'] {
  const found = manifests.find(
    ({ object }) => object['kind'] === kind && at(object, 'metadata', 'name') === name,
  );
  if (found === undefined) throw new Error(`no manifest is for ${kind} ${name}`);
  return found.object;
}

const worker = manifest('WorkerDeployment', 'renderonce');
const server = manifest('Deployment', 'renderonce-server');
const setup = manifest('Job', 'renderonce-setup');
const settings = at(manifest('ConfigMap', 'renderonce'), 'data');
const secrets = at(manifest('Secret', 'renderonce'), 'stringData');
const containerOf = (object: unknown): unknown => at(object, 'spec', 'template', 'spec', 'containers', 0);
const PODS = { worker, server, setup };

/** The variables of a container, with a value for each that comes from the settings or the secrets. */
function environmentOf(object: unknown): Record<string, string> {
  const container = containerOf(object);
  const all = at(container, 'envFrom', 0) === undefined ? {} : settings;
  const named = at(container, 'env');
  const entries = (Array.isArray(named) ? named : []).map((each: unknown) => {
    const source = at(each, 'valueFrom', 'configMapKeyRef') === undefined ? secrets : settings;
    const key =
      at(each, 'valueFrom', 'configMapKeyRef', 'key') ?? at(each, 'valueFrom', 'secretKeyRef', 'key');
    const value = key === undefined ? at(each, 'value') : at(source, String(key));
    if (typeof value !== 'string') throw new Error(`${String(at(each, 'name'))} has no value`);
    return [String(at(each, 'name')), value];
  });
  return { ...(isJsonObject(all) ? all : {}), ...Object.fromEntries(entries) };
}

test('every manifest fits the schemas of Kubernetes and of the Worker Controller', () => {
  expect(manifests.length).toBeGreaterThanOrEqual(10);
  expect(manifests.flatMap(faultsOf)).toEqual([]);
});

/** Mistakes that somebody makes, each in a text that stands once in the file. */
test.each([
  ['worker.yaml', 'strategy: Progressive', 'strategy: Gradual', 'must be equal to one of the allowed values'],
  ['worker.yaml', 'rampPercentage: 5,', 'rampPercentage: 0,', 'must be >= 1'],
  ['worker.yaml', 'connectionRef: { name: temporal }', 'connection: temporal', 'connectionRef'],
  [
    'worker.yaml',
    'terminationGracePeriodSeconds: 660',
    'terminationGracePeriod: 660',
    'terminationGracePeriod"',
  ],
  ['worker.yaml', 'replicas: 2', "replicas: '2'", 'must be integer'],
  [
    'worker.yaml',
    'temporal.io/v1alpha1\nkind: WorkerDeployment',
    'temporal.io/v1\nkind: WorkerDeployment',
    'no schema is for',
  ],
  ['server.yaml', 'containerPort: 8080', 'port: 8080', 'containerPort'],
  ['server.yaml', 'maxUnavailable: 0', 'maxUnavailible: 0', 'maxUnavailible'],
  ['ingress.yaml', 'pathType: Prefix', 'pathtype: Prefix', 'pathType'],
  ['settings.yaml', "RENDERONCE_KEY_MEMORY_DAYS: '30'", 'RENDERONCE_KEY_MEMORY_DAYS: 30', 'must be string'],
])('a wrong manifest is found: %s with %j as %j', (file, from, to, fault) => {
  const text = readRootFile(`docs/deploy/kubernetes/${file}`);
  expect(text.split(from)).toHaveLength(2);
  const faults = parseManifests(file, text.replace(from, to)).flatMap(faultsOf);
  expect(faults.join('\n')).toContain(fault);
});

test.each(Object.entries(PODS))(
  'the variables of the %s are those that renderonce reads, and fit it',
  (_, object) => {
    const env = environmentOf(object);
    expect(() => readConfig({ ...env, RENDERONCE_WEBHOOK_SECRET: 'x'.repeat(32) })).not.toThrow();
    const known = new Set([...OWN, 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'NODE_OPTIONS']);
    expect(Object.keys(env).filter((name) => !known.has(name))).toEqual([]);
  },
);
