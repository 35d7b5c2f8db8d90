import { createHash } from 'node:crypto';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
import { HINT_IDS, RECEIVER_REQUEST_MS, SIGNAL_DEADLINE_MS, WEBHOOK_BODY_BYTES } from '../render/limits.js';
import { messageOf } from '../text/text.js';
import { type Hint, renderWebhook } from '../workflows/messages.js';
import { WEBHOOK_PATH } from '../text/redact.js';
import { verifyToken } from './callback-token.js';
import { readBody } from './read-body.js';

/** One webhook delivery as a server hands it over: nothing of the body has been read. */
export interface Delivery {
  readonly method: string;
  /** Path of the URL, which ends in `/json2video/<token>`. */
  readonly path: string;
  readonly contentType: string | undefined;
  /** `Content-Length` as the sender gave it. */
  readonly contentLength: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a delivery came to; each has its HTTP status. */
export const ANSWERS = {
  /** The engine holds the hint. */
  taken: 200,
  /** The render has ended; the hint is late and tells nothing new. */
  late: 200,
  /** No token of ours, or an expired one. */
  forged: 404,
  /** No render: the same answer as to a forged token, so that nobody can find out which. */
  unknown: 404,
  /** A good token with a body that names no project. */
  unreadable: 400,
  'too large': 413,
  'too slow': 408,
  /** The engine did not take the hint in time: nothing is acknowledged that could be lost. */
  unavailable: 503,
} as const;

export type Answer = keyof typeof ANSWERS;

/** What a delivery came to, and what it was about: a key that a token of ours names, a project that the sender claims. */
export interface Taken {
  readonly answer: Answer;
  readonly key?: string;
  readonly project?: string;
}

/** A delivery that was answered. Never the path: it holds the token. */
export interface AnsweredDelivery extends Taken {
  readonly ms: number;
  /** Address of the sender, behind as many proxies as are trusted. */
  readonly from: string;
}

/** What it takes to hand deliveries to their renders. */
export interface DeliveryDependencies {
  /** A connected client; its namespace is where the keys live. */
  readonly client: Client;
  /** The secrets that tokens may be signed with: those of the workers, the current one first. */
  readonly secrets: readonly string[];
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** The body must arrive within this time. */
  readonly bodyMs?: number;
}

/** Checks a delivery and hands it to its render. The token is checked before anything of the body is read. */
export async function takeDelivery(
  delivery: Delivery,
  { client, secrets, now, bodyMs = RECEIVER_REQUEST_MS }: DeliveryDependencies,
): Promise<Taken> {
  const key = delivery.method === 'POST' ? verifyToken(tokenIn(delivery.path), secrets, now()) : undefined;
  if (key === undefined) return { answer: 'forged' };
  if (Number(delivery.contentLength) > WEBHOOK_BODY_BYTES) return { answer: 'too large', key };
  const limits = { sizeBytes: WEBHOOK_BODY_BYTES, timeMs: bodyMs };
  // A sender that breaks off hears no answer; what it has sent is not a delivery.
  const body = await readBody(delivery.body, limits).catch(() => ({ text: '' }));
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

/** The last segment of a path that ends in `/json2video/<token>`. */
function tokenIn(path: string): string {
  const start = path.lastIndexOf('/');
  return path.slice(0, start).endsWith(WEBHOOK_PATH) ? path.slice(start + 1) : '';
}

const NOT_FOUND = 5;

/** The engine answers both an unknown and a closed render with "not found", and tells them apart in the details. */
function answerTo(error: unknown): Answer {
  const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
  if (code !== NOT_FOUND) return 'unavailable';
  return /already completed/i.test(messageOf(error)) ? 'late' : 'unknown';
}

/**
 * Signals the render. The request ID is made of what the delivery claims, so that the engine itself drops duplicates and
 * records at most `HINT_IDS` hints a run, whatever is sent. A collision costs latency only.
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
