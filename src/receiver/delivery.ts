import { createHash } from 'node:crypto';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
import { HINT_IDS, SIGNAL_DEADLINE_MS } from '../render/limits.js';
import { messageOf } from '../render/text.js';
import { type Hint, renderWebhook } from '../workflows/messages.js';
import { verifyToken } from './callback-token.js';

/** One webhook delivery as it arrived. */
export interface Delivery {
  readonly token: string;
  readonly contentType: string;
  readonly body: string;
}

/** What a delivery came to; each has its HTTP status. */
export const ANSWERS = {
  /** The engine holds the hint. */
  taken: 200,
  /** The render has ended; the hint is late and tells nothing new. */
  late: 200,
  /** No render, or no token of ours: the same answer, so that nobody can find out which. */
  unknown: 404,
  /** A good token with a body that names no project. */
  unreadable: 400,
  /** The engine did not take the hint in time: nothing is acknowledged that could be lost. */
  unavailable: 503,
} as const;

export type Answer = keyof typeof ANSWERS;

export interface DeliveryDependencies {
  readonly client: Client;
  readonly secrets: readonly string[];
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
}

/** Checks a delivery and hands it to its render. The token is checked before the body is looked at. */
export async function takeDelivery(
  delivery: Delivery,
  { client, secrets, now }: DeliveryDependencies,
): Promise<Answer> {
  const key = verifyToken(delivery.token, secrets, now());
  if (key === undefined) return 'unknown';
  const claim = parseWebhook(delivery.contentType, delivery.body);
  if (claim === undefined) return 'unreadable';
  try {
    await signal(client, key, claim, now());
    return 'taken';
  } catch (error) {
    return answerTo(error);
  }
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
