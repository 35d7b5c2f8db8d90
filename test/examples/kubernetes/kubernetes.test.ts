import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config.js';
import { isJsonObject } from '../../../src/text/json.js';
import { WEBHOOK_PATH } from '../../../src/text/redact.js';
import { readRootFile } from '../compose-file.js';
import { type Manifest, openSchemas, parseManifests, readManifests, textOf } from './manifests.js';

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
    const value = key === undefined ? at(each, 'value') : at(source, textOf(key));
    return [textOf(at(each, 'name')), textOf(value)];
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

test('a worker stops no sooner than its longest POST, and no pod may change its files or become root', () => {
  expect(at(worker, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds')).toBeGreaterThanOrEqual(660);
  for (const pod of Object.values(PODS)) {
    const template = at(pod, 'spec', 'template', 'spec');
    expect(template).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(containerOf(pod)).toMatchObject({
      resources: { requests: { cpu: expect.any(String), memory: expect.any(String) } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
  }
});

test('workers, servers and setup meet at one engine, namespace and task queue, and all run one image', () => {
  const connection = manifest('Connection', 'temporal');
  expect(at(connection, 'spec', 'hostPort')).toBe(at(settings, 'TEMPORAL_ADDRESS'));
  expect(at(worker, 'spec', 'workerOptions')).toEqual({
    connectionRef: { name: 'temporal' },
    temporalNamespace: at(settings, 'TEMPORAL_NAMESPACE'),
  });
  const queues = [worker, server].map((pod) => environmentOf(pod)['RENDERONCE_TASK_QUEUE']);
  expect(queues).toEqual(['renderonce', 'renderonce']);
  const images = Object.values(PODS).map((pod) => at(containerOf(pod), 'image'));
  expect(new Set(images).size).toBe(1);
});

test('probes ask the ports on which the pods listen, and budgets and services select their pods', () => {
  const listen = { worker: 'RENDERONCE_WORKER_LISTEN', server: 'RENDERONCE_LISTEN' };
  for (const [name, pod] of Object.entries({ worker, server })) {
    const container = containerOf(pod);
    const port = at(container, 'ports', 0);
    expect(environmentOf(pod)[listen[name === 'worker' ? 'worker' : 'server']]).toBe(
      `0.0.0.0:${JSON.stringify(at(port, 'containerPort'))}`,
    );
    expect(at(container, 'livenessProbe', 'httpGet')).toEqual({ path: '/healthz', port: at(port, 'name') });
    expect(at(container, 'readinessProbe', 'httpGet')).toEqual({ path: '/readyz', port: at(port, 'name') });
    const labels = at(pod, 'spec', 'template', 'metadata', 'labels');
    const budget = manifest('PodDisruptionBudget', `renderonce-${name}`);
    expect(at(budget, 'spec', 'selector', 'matchLabels')).toEqual(labels);
  }
  const service = manifest('Service', 'renderonce');
  expect(at(service, 'spec', 'selector')).toEqual(at(server, 'spec', 'template', 'metadata', 'labels'));
});

test('only the paths of webhooks are public, at the address that workers name, and only workers get the API key', () => {
  const ingress = manifest('Ingress', 'renderonce-webhooks');
  const rule = at(ingress, 'spec', 'rules', 0);
  const { pathname, hostname } = new URL(
    `${environmentOf(worker)['RENDERONCE_WEBHOOK_URL'] ?? ''}${WEBHOOK_PATH}/token`,
  );
  expect(at(rule, 'host')).toBe(hostname);
  expect(at(rule, 'http', 'paths')).toEqual([
    {
      path: expect.stringMatching(/^\/json2video\/$/),
      pathType: 'Prefix',
      backend: { service: { name: 'renderonce', port: { name: 'http' } } },
    },
  ]);
  expect(pathname.startsWith('/json2video/')).toBe(true);
  const holders = Object.entries(PODS).filter(([, pod]) => 'JSON2VIDEO_API_KEY' in environmentOf(pod));
  expect(holders.map(([name]) => name)).toEqual(['worker']);
  expect(Object.values(isJsonObject(secrets) ? secrets : { none: 1 })).toEqual(['', '', '']);
});
