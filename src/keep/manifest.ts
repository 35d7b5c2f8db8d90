import type { Readable } from 'node:stream';
import { isJsonObject, parseJson } from '../text/json.js';
import { addressOf, VideoConflict, type VideoStore } from './video-store.js';

/** The manifest beside a kept video. */
interface Manifest {
  readonly key: string;
  readonly project: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly keptAt: string;
  /** The provider's address of the file, without a query. */
  readonly source: string;
}

/** What only the manifest knows of a copy. */
type Noted = Pick<Manifest, 'sha256' | 'keptAt'>;

/** A manifest has under 1 KB. */
const MANIFEST_BYTES = 100_000;

/** Writes the manifest of a video, unless there is one: then it returns that one. */
export async function writeManifest(store: VideoStore, path: string, manifest: Manifest): Promise<Noted> {
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`, 'utf8');
  const file = { contentType: 'application/json', sizeBytes: text.length };
  const isNew = await store.create(manifestPath(path), once(text), file);
  return isNew ? manifest : ((await readManifest(store, path, manifest)) ?? manifest);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Reads the manifest of a video; returns nothing if there is none. @throws VideoConflict if it is of another file */
export async function readManifest(
  store: VideoStore,
  path: string,
  { project, sizeBytes }: Pick<Manifest, 'project' | 'sizeBytes'>,
): Promise<Noted | undefined> {
  const place = manifestPath(path);
  if ((await store.sizeOf(place)) === undefined) return undefined;
  const found = parseJson(await textOf(await store.read(place)));
  const { sha256, keptAt, project: of, sizeBytes: bytes } = isJsonObject(found) ? found : {};
  if (typeof sha256 === 'string' && typeof keptAt === 'string' && of === project && bytes === sizeBytes)
    return { sha256, keptAt };
  throw new VideoConflict(
    `${addressOf(store, place)} is no manifest of project ${project} with ${sizeBytes} bytes: delete or move it`,
  );
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.length;
    if (sizeBytes > MANIFEST_BYTES) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns the path of the manifest beside a video. */
function manifestPath(videoPathOf: string): string {
  return videoPathOf.replace(/\.mp4$/, '.json');
}
