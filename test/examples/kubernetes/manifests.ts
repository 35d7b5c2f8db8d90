import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { isJsonObject, type JsonObject } from '../../../src/text/json.js';

const FOLDER = new URL('../../../docs/deploy/kubernetes/', import.meta.url);

/** An object of a manifest, with the file in which it stands. */
export interface Manifest {
  readonly file: string;
  readonly object: JsonObject;
}

export async function readManifests(): Promise<Manifest[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).toSorted();
  const read = await Promise.all(
    files.map(async (file) => parseManifests(file, await readFile(new URL(file, FOLDER), 'utf8'))),
  );
  return read.flat();
}

/** Reads a file of manifests; a text that is no YAML, or no object, is an error. */
export function parseManifests(file: string, text: string): Manifest[] {
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    for (const error of document.errors) throw error;
    const object: unknown = document.toJS();
    if (!isJsonObject(object)) throw new Error(`${file}: a document is no object`);
    return { file, object };
  });
}

const copyOf = async (name: string): Promise<JsonObject> => {
  const schema: unknown = JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));
  if (!isJsonObject(schema)) throw new Error(`${name} is no schema`);
  return schema;
};

/** Returns a text; anything else is an error. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}

/** A server drops fields that a structural schema does not name; here they are faults, as for `kubectl --validate=strict`. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isJsonObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strict(value)]));
  const isOpen = inner['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in inner;
  return 'properties' in inner && inner['type'] === 'object' && !isOpen
    ? { ...inner, additionalProperties: false }
    : inner;
}

/** Checks manifests against the committed copies of the schemas of Kubernetes and of Temporal's Worker Controller. */
export async function openSchemas(): Promise<(manifest: Manifest) => string[]> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const validators = new Map<string, ValidateFunction>();
  const { kinds, definitions } = await copyOf('kubernetes-1.34.json');
  if (!isJsonObject(kinds)) throw new Error('the copy of the schemas of Kubernetes names no kinds');
  for (const [kind, name] of Object.entries(kinds)) {
    validators.set(kind, ajv.compile({ $ref: `#/definitions/${textOf(name)}`, definitions }));
  }
  const meta = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
  for (const [kind, schema] of Object.entries(await copyOf('worker-controller-1.8.1.json'))) {
    const closed = strict(schema);
    if (!isJsonObject(closed) || !isJsonObject(closed['properties']))
      throw new Error(`${kind} has no schema`);
    const properties = { ...closed['properties'], metadata: meta };
    validators.set(kind, ajv.compile({ ...closed, properties, definitions }));
  }
  return ({ file, object }) => {
    const kind = `${textOf(object['apiVersion'])} ${textOf(object['kind'])}`;
    const validate = validators.get(kind);
    if (validate === undefined) return [`${file}: no schema is for ${kind}`];
    if (validate(object)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${file}: ${kind} ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
