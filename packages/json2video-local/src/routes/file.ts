import type { Reply } from '../http/reply.js';
import { stemOf } from '../http/urls.js';
import type { CallHandler } from '../http/serve.js';
import type { VideoFile } from '../movies/movie.js';
import { isFileGone, isFileServed } from '../movies/timeline.js';
import { flatVideo } from '../video/video.js';
import { thumbnail } from '../video/thumbnail.js';
import type { World } from '../world.js';

/** Serves a rendered video or its subtitles as the provider's storage does: public, in ranges, for 7 days. */
export const readFile: CallHandler = (world, { path, range }) => {
  const file = world.store.file(stemOf(path));
  if (file === undefined || !isThere(world, file)) return { reply: noSuchKey() };
  const name = { ...file, seed: file.stem };
  if (path.endsWith('.mp4')) return { reply: ranged(range, flatVideo(name), 'video/mp4') };
  if (path.endsWith('.ass')) return { reply: ranged(range, Buffer.from(SUBTITLES), 'text/plain') };
  if (path.endsWith('.png')) return { reply: ranged(range, thumbnail(name), 'image/png') };
  return { reply: noSuchKey() };
};

/** True if the file can be read. A script that shows `done` before the render's end promises it, so it is there. */
function isThere(world: World, file: VideoFile): boolean {
  const nowMs = world.clock.now();
  if (isFileServed(file, nowMs)) return true;
  const movie = world.store.get(file.project);
  return movie !== undefined && !isFileGone(file, nowMs) && world.renders.shown(movie).status === 'done';
}

/** An ASS file without a line of dialogue. */
const SUBTITLES = '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n';

function ranged(header: string | undefined, file: Buffer, contentType: string): Reply {
  const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
  const range = byteRange(header, file.length);
  if (range === 'whole') return { code: 200, headers, body: file };
  if (range === 'unsatisfiable') {
    return { code: 416, headers: { ...headers, 'content-range': `bytes */${file.length}` }, body: '' };
  }
  const [first, last] = range;
  const contentRange = `bytes ${first}-${last}/${file.length}`;
  return {
    code: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: file.subarray(first, last + 1),
  };
}

/** Reads one range of a `range` header, first and last byte; `whole` without one, or with one that is not served. */
function byteRange(
  header: string | undefined,
  sizeBytes: number,
): [number, number] | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0 ? 'unsatisfiable' : [sizeBytes - length, sizeBytes - 1];
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first >= sizeBytes ? 'unsatisfiable' : [first, last];
}

function noSuchKey(): Reply {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';
  return { code: 404, headers: { 'content-type': 'application/xml' }, body };
}
