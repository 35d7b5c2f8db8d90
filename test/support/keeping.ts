import { createVideoFiles } from '../../src/json2video/video-files.js';
import { keepFile } from '../../src/keep/keep-file.js';
import type { VideoStore } from '../../src/keep/video-store.js';
import type { KeptVideo } from '../../src/render/kept.js';
import type { VideoServer } from './video-server.js';

interface KeepTerms {
  readonly key?: string;
  readonly project?: string;
  readonly sizeBytes?: number | null;
  readonly path?: string;
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  readonly namespace?: string;
}

/** Keeps the file of a server, as the activity does. */
export async function keep(
  store: VideoStore,
  server: VideoServer,
  terms: KeepTerms = {},
): Promise<KeptVideo> {
  const {
    key = 'order-1',
    project = 'PROJECT1',
    sizeBytes = null,
    path = '/clients/c/renders/1.mp4',
  } = terms;
  const { namespace = 'default', signal = new AbortController().signal, onBytes = () => undefined } = terms;
  const files = createVideoFiles({ apiUrl: server.url, env: {} });
  const url = `${server.url}${path}`;
  try {
    return await keepFile(
      store,
      { key, project, url, sizeBytes, expiresAt: null },
      { namespace, signal, onBytes, now: Date.now, open: () => files.open(url, signal) },
    );
  } finally {
    await files.close();
  }
}

/** The path of the video that `keep` keeps by default. */
export const VIDEO_PATH =
  'default/0bafe22156d2698c143b86040446d366ead863ba600d5c924f3d15c786ef4057/PROJECT1.mp4';
