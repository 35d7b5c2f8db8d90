import { z } from 'zod';
import { templateOwn, type TemplateOwn } from '../movie/template.js';
import { classifySubmission, type SubmissionEvidence } from '../render/submission.js';
import { isWithinDepth, parseJson } from '../text/json.js';
import { messageOf } from '../text/text.js';
import type { HttpGet, HttpReply } from './http-get.js';

/** A worker reads a template again after this time: its owner may have changed it. */
const CACHE_MS = 300_000;

/** Templates in a worker's memory, of at most 100 KB each (API page, section 4). */
const CACHED_TEMPLATES = 200;

/** Result of reading a template. */
export type TemplateReading =
  | { readonly own: TemplateOwn }
  /** Nothing may be sent now: the account, the connection or the provider is at fault, and not the movie. */
  | { readonly evidence: SubmissionEvidence }
  /** The template cannot be read. The POST will tell why. */
  | { readonly unreadable: string };

/** Reads the own `client-data` and `exports` of a template, within a time. Never throws. */
export type ReadTemplate = (id: string, timeoutMs: number) => Promise<TemplateReading>;

/** Creates the reader of templates of one worker, with its memory. `templates` is the address of `/v2/templates`. */
export function createReadTemplate(
  get: HttpGet,
  templates: URL,
  headers: Record<string, string>,
  now: () => number,
): ReadTemplate {
  const cache = new Map<string, { readonly own: TemplateOwn; readonly untilMs: number }>();
  return async (id, timeoutMs) => {
    const known = cache.get(id);
    if (known !== undefined && now() < known.untilMs) return { own: known.own };
    const reading = await read(get, templates, headers, id, timeoutMs, now);
    if ('own' in reading) {
      cache.delete(id);
      const [oldest] = cache.keys();
      if (cache.size >= CACHED_TEMPLATES && oldest !== undefined) cache.delete(oldest);
      cache.set(id, { own: reading.own, untilMs: now() + CACHE_MS });
    }
    return reading;
  };
}

const templateReply = z.object({ template: z.object({ movie: z.unknown() }) });

async function read(
  get: HttpGet,
  templates: URL,
  headers: Record<string, string>,
  id: string,
  timeoutMs: number,
  now: () => number,
): Promise<TemplateReading> {
  const target = new URL(templates);
  target.searchParams.set('id', id);
  try {
    return readingOf(await get(target, headers, { timeoutMs }), new Date(now()).toISOString());
  } catch (error) {
    return { evidence: notSent(messageOf(error)) };
  }
}

function readingOf(reply: HttpReply, at: string): TemplateReading {
  if (reply.status >= 200 && reply.status < 300) {
    const parsed = templateReply.safeParse(parseJson(reply.body));
    const movie = parsed.data?.template.movie;
    const own = isWithinDepth(movie) ? templateOwn(movie) : undefined;
    return own === undefined ? { unreadable: 'the reply holds no template' } : { own };
  }
  const evidence = { from: 'reply', complete: true, at, ...reply } as const;
  const end = classifySubmission(evidence);
  if (end.end === 'refused') return { evidence };
  // Nothing was sent, so a fault of the server is no doubt.
  if (end.end === 'unknown') return { evidence: notSent(`HTTP ${reply.status}`) };
  return { unreadable: end.end === 'rejected' ? end.message : `HTTP ${reply.status}` };
}

function notSent(message: string): SubmissionEvidence {
  return { from: 'connection', bytesMayHaveLeft: false, message: `the template cannot be read: ${message}` };
}
