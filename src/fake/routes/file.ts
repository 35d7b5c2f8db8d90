import type { Movie } from '../movie.js';
import type { Reply } from '../reply.js';
import { stemOf } from '../request-url.js';
import type { CallHandler } from '../serve.js';
import { isFileGone } from '../timeline.js';
import { flatVideo } from '../video/video.js';
import type { World } from '../world.js';
import { byteRange } from './byte-range.js';

/** The rendered video (and its subtitles), as the provider's storage serves them: public, in ranges, for 7 days. */
export const readFile: CallHandler = (world, { path, range }) => {
  const movie = world.renders.byStem(stemOf(path));
  if (movie === undefined || !isThere(world, movie)) return { reply: noSuchKey() };
  if (path.endsWith('.mp4')) return { reply: ranged(range, videoOf(movie), 'video/mp4') };
  if (path.endsWith('.ass')) return { reply: ranged(range, Buffer.from(SUBTITLES), 'text/plain') };
  return { reply: noSuchKey() };
};

/** A script that shows `done` before the render's end promises the file, so it is there. */
function isThere(world: World, movie: Movie): boolean {
  const isDone = movie.end?.status === 'done' || world.renders.shown(movie).status === 'done';
  return isDone && !isFileGone(movie, world.clock.now());
}

const videoOf = (movie: Movie): Buffer => flatVideo({ ...movie.plan, seed: movie.stem });

/** An ASS file without a line of dialogue. */
const SUBTITLES = '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n';

function ranged(header: string | undefined, file: Buffer, contentType: string): Reply {
  const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
  const range = byteRange(header, file.length);
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
