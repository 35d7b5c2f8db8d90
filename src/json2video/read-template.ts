import { z } from 'zod';
import { templateOwn } from '../movie/template.js';
import { classifySubmission, isAboutAccount, type SubmissionEvidence } from '../render/submission.js';
import { isWithinDepth, parseJson } from '../text/json.js';
import { messageOf } from '../text/text.js';
import type { HttpGet, HttpReply } from './http-get.js';

/** A worker reads a template again after this time: its owner may have changed it. */
const CACHE_MS = 300_000;

/** Templates in a worker's memory, of at most 100 KB each (API page, section 4). */
const CACHED_TEMPLATES = 200;

type TemplateOwn = NonNullable<ReturnType<typeof templateOwn>>;

interface ReadTemplate {
  readonly own: TemplateOwn;
  /** The template's movie as the provider returns it, for its price. */
  readonly movie?: unknown;
}

/** Result of reading a template. */
type TemplateReading =
  | ReadTemplate
  /** Nothing may be sent now: the account, the connection or the provider is at fault, and not the movie. */
  | { readonly evidence: SubmissionEvidence }
  /** The template cannot be read. The POST will tell why. */
  | { readonly unreadable: string };

/**
 * Creates the reader of templates of one worker, with its memory. It reads the own `client-data` and `exports` of a template,
 * within a time, and never throws. `templates` is the address of `/v2/templates`.
 */
export function createReadTemplate(
  get: HttpGet,
  templates: URL,
  headers: Record<string, string>,
  now: () => number,
): (id: string, timeoutMs: number) => Promise<TemplateReading> {
  const cache = new Map<string, ReadTemplate & { readonly untilMs: number }>();
  return async (id, timeoutMs) => {
    const known = cache.get(id);
    if (known !== undefined && now() < known.untilMs) return { own: known.own, movie: known.movie };
    const reading = await read(get, templates, headers, id, timeoutMs, now);
    if ('own' in reading) {
      cache.delete(id);
      const [oldest] = cache.keys();
      if (cache.size >= CACHED_TEMPLATES && oldest !== undefined) cache.delete(oldest);
      cache.set(id, { ...reading, untilMs: now() + CACHE_MS });
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
    const message = `the template cannot be read: ${messageOf(error)}`;
    return { evidence: { from: 'connection', bytesMayHaveLeft: false, message } };
  }
}

function readingOf(reply: HttpReply, at: string): TemplateReading {
  const { status } = reply;
  const isFine = status >= 200 && status < 300;
  const body = parseJson(reply.body);
  const movie = isFine ? templateReply.safeParse(body).data?.template.movie : undefined;
  const own = isWithinDepth(movie) ? templateOwn(movie) : undefined;
  if (own !== undefined) return { own, movie };
  const evidence = { from: 'reply', complete: true, at, ...reply } as const;
  const end = classifySubmission(evidence);
  if (end.end === 'refused' && (status === 429 || isAboutAccount(end.message, status))) return { evidence };
  // Nothing was sent, so a fault of the server leaves no doubt.
  const isPassing = isFine ? body === undefined : status < 400 || status === 408 || status >= 500;
  if (isPassing) {
    const message = `the template cannot be read: HTTP ${status} without a template`;
    return { evidence: { from: 'preparation', waitingFor: 'a readable template', message } };
  }
  return { unreadable: end.end === 'rejected' ? end.message : `HTTP ${status} without a template` };
}
