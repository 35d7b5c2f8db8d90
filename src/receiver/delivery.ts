import { createHash } from 'node:crypto';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { messageOf } from '../text/text.js';
import { type Hint, renderWebhook } from '../workflows/messages.js';
import { verifyToken } from './callback-token.js';

/** Longest body of a delivery. Real ones are under 2 KB; `client-data` may be longer. */
const BODY_BYTES = 65_536;

/** Time in which the headers and the body of a delivery must arrive. */
export const REQUEST_MS = 10_000;

/** Time in which the engine must take a hint, or the receiver refuses the delivery; the provider is said to wait for 5 s. */
const SIGNAL_DEADLINE_MS = 3_000;

/** Most hints that one run records: a delivery is hashed into one of so many request IDs, and the engine drops repetitions. */
const HINT_IDS = 32;

/** One webhook delivery as a server gets it, before anything of the body is read. */
interface Delivery {
  readonly method: string;
  /** Path of the URL, which ends in `/json2video/<token>`. */
  readonly path: string;
  readonly contentType: string | undefined;
  /** `Content-Length` as the sender gave it. */
  readonly contentLength: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Answers to a delivery, each with its HTTP status. */
export const ANSWERS = {
  /** The engine holds the hint. */
  taken: 200,
  /** The render has ended, so the hint is late. */
  late: 200,
  /** The token is none of ours, or has expired. */
  forged: 404,
  /** There is no render. The status is that of a forged token, so that a stranger cannot find out which keys exist. */
  unknown: 404,
  /** The token is good, but the body names no project. */
  unreadable: 400,
  'too large': 413,
  'too slow': 408,
  /** The engine did not take the hint in time. An acknowledged hint would be lost. */
  unavailable: 503,
} as const;

/** Answer to a delivery, with the key that its token names and the project that its sender claims. */
interface Taken {
  readonly answer: keyof typeof ANSWERS;
  readonly key?: string;
  readonly project?: string;
}

/** A delivery that was answered. It leaves out the path, which holds the token. */
export interface AnsweredDelivery extends Taken {
  readonly ms: number;
  /** Address of the sender, behind as many proxies as are trusted. */
  readonly from: string;
}

/** Engine, secrets and clock of a receiver. */
export interface DeliveryDependencies {
  /** A connected client of the namespace that holds the keys. */
  readonly client: Client;
  /** The secrets of the workers, which sign the tokens; the current one comes first. */
  readonly secrets: readonly string[];
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Time in which the body must arrive, 10 s by default. */
  readonly bodyMs?: number;
}

/** Checks a delivery and signals its render. It checks the token before it reads anything of the body. */
export async function takeDelivery(
  delivery: Delivery,
  { client, secrets, now, bodyMs = REQUEST_MS }: DeliveryDependencies,
): Promise<Taken> {
  const key = delivery.method === 'POST' ? verifyToken(tokenIn(delivery.path), secrets, now()) : undefined;
  if (key === undefined) return { answer: 'forged' };
  if (Number(delivery.contentLength) > BODY_BYTES) return { answer: 'too large', key };
  // A sender that closes the connection reads no answer, and half of a body is no delivery.
  const body = await readBody(delivery.body, bodyMs).catch(() => ({ text: '' }));
  if (typeof body === 'string') return { answer: body, key };
  const claim = parseWebhook(delivery.contentType ?? '', body.text);
  if (claim === undefined) return { answer: 'unreadable', key };
  const { project } = claim;
  try {
    await signal(client, key, claim, now());
    return { answer: 'taken', key, project };
  } catch (error) {
    return { answer: answerTo(error), key, project };
  }
}

/** Returns the last segment of a path that ends in `/json2video/<token>`. */
function tokenIn(path: string): string {
  const start = path.lastIndexOf('/');
  return path.slice(0, start).endsWith(WEBHOOK_PATH) ? path.slice(start + 1) : '';
}

/**
 * Reads a body as text, or returns why it stopped. It counts the bytes that arrive, so a false length does not help the
 * sender. It replaces bytes that are not UTF-8: a delivery names its project in ASCII.
 */
async function readBody(
  body: AsyncIterable<Uint8Array>,
  timeMs: number,
): Promise<{ readonly text: string } | 'too large' | 'too slow'> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<'too slow'>((resolve) => {
    timer = setTimeout(() => resolve('too slow'), timeMs);
  });
  // A `for await` that ends early would destroy the connection before the answer is written.
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  try {
    for (let received = 0; received <= BODY_BYTES;) {
      const step = await Promise.race([iterator.next(), timeIsUp]);
      if (step === 'too slow') return step;
      if (step.done === true) return { text: Buffer.concat(chunks).toString('utf8') };
      received += step.value.byteLength;
      chunks.push(step.value);
    }
    return 'too large';
  } finally {
    clearTimeout(timer);
  }
}

const NOT_FOUND = 5;

/** The engine answers "not found" for both an unknown and a closed render; only the details differ. */
function answerTo(error: unknown): Taken['answer'] {
  const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
  if (code !== NOT_FOUND) return 'unavailable';
  return /already completed/i.test(messageOf(error)) ? 'late' : 'unknown';
}

/**
 * Signals the render. The request ID is a hash of the claim, so the engine itself drops duplicates and records at most
 * `HINT_IDS` hints a run. A collision costs only latency.
 */
async function signal(client: Client, key: string, claim: WebhookClaim, nowMs: number): Promise<void> {
  const { namespace, identity, loadedDataConverter } = client.options;
  const hint: Hint = {
    project: claim.project,
    ...(claim.status === undefined ? {} : { status: claim.status }),
  };
  const payloads = await encodeToPayloads(loadedDataConverter, hint);
  await client.withDeadline(nowMs + SIGNAL_DEADLINE_MS, () =>
    client.workflowService.signalWorkflowExecution({
      namespace,
      identity,
      workflowExecution: { workflowId: key },
      signalName: renderWebhook.name,
      input: { payloads: payloads ?? [] },
      requestId: requestIdOf(claim),
    }),
  );
}

function requestIdOf({ project, status = '', hasUrl }: WebhookClaim): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([project, status, hasUrl]))
    .digest();
  return `hint-${digest.readUInt32BE(0) % HINT_IDS}`;
}
