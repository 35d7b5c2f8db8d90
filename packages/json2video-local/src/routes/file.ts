import type { ByteRange } from '../http/byte-range.js';
import { byteRange } from '../http/byte-range.js';
import type { Reply } from '../http/reply.js';
import { stemOf } from '../http/request-url.js';
import type { CallHandler } from '../http/serve.js';
import type { VideoFile } from '../movies/movie.js';
import { isFileGone, isFileServed } from '../movies/timeline.js';
import { flatVideo } from '../video/video.js';
import { thumbnail } from '../video/thumbnail.js';
import type { World } from '../world.js';

/** The rendered video (and its subtitles), as the provider's storage serves them: public, in ranges, for 7 days. */
export const readFile: CallHandler = (world, { path, range }) => {
  const file = world.store.file(stemOf(path));
  if (file === undefined || !isThere(world, file)) return { reply: noSuchKey() };
  const name = { ...file, seed: file.stem };
  if (path.endsWith('.mp4')) return { reply: ranged(range, flatVideo(name), 'video/mp4') };
  if (path.endsWith('.ass')) return { reply: ranged(range, Buffer.from(SUBTITLES), 'text/plain') };
  if (path.endsWith('.png')) return { reply: ranged(range, thumbnail(name), 'image/png') };
  return { reply: noSuchKey() };
};

/** A script that shows `done` before the render's end promises the file, so it is there. */
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
  const range: ByteRange | 'whole' | 'unsatisfiable' = byteRange(header, file.length);
  if (range === 'whole') return { code: 200, headers, body: file };
  if (range === 'unsatisfiable') {
    return { code: 416, headers: { ...headers, 'content-range': `bytes */${file.length}` }, body: '' };
  }
  const contentRange = `bytes ${range.first}-${range.last}/${file.length}`;
  const body = file.subarray(range.first, range.last + 1);
  return { code: 206, headers: { ...headers, 'content-range': contentRange }, body };
}

function noSuchKey(): Reply {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';
  return { code: 404, headers: { 'content-type': 'application/xml' }, body };
}
