import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { NamespaceNotFoundError, ValueError } from '@temporalio/common';
import { EngineNotSetUp, EngineUnavailable, PayloadUnreadable, RenderonceError } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';

/** gRPC status codes that matter here. */
export const GRPC = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  alreadyExists: 6,
  permissionDenied: 7,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Returns the gRPC status code within an error of Temporal's client, at any depth of its causes. */
export function grpcCode(error: unknown): number | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}

/** Returns true if the call reached its deadline or was given up, so that its effect is not known. */
export function isDeadline(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const code = grpcCode(error);
  return code === GRPC.deadlineExceeded || code === GRPC.cancelled;
}

/** Translates an error of Temporal's client into one of ours; our own errors pass unchanged. */
export function translateEngineError(error: unknown, key?: string): unknown {
  const about = { cause: error, ...(key === undefined ? {} : { key }) };
  if (error instanceof RenderonceError) return error;
  if (error instanceof NamespaceNotFoundError) {
    return new EngineNotSetUp(`the engine has no namespace ${error.namespace}`, about);
  }
  const code = grpcCode(error);
  const message = deepestMessage(error);
  // The SDK's message about a payload of our codec, if the client has no codec.
  if (error instanceof ValueError && /unknown encoding: .*encrypted/i.test(message)) {
    return new PayloadUnreadable(
      'the payloads in the engine are encrypted, and this process has no encryption keys',
      about,
    );
  }
  if (code === GRPC.invalidArgument && /search attribute/i.test(message)) {
    return new EngineNotSetUp(`the engine lacks a search attribute: ${shorten(message)}`, about);
  }
  if (code === GRPC.unavailable || isDeadline(error)) {
    return new EngineUnavailable(`the engine does not answer: ${shorten(message)}`, about);
  }
  return error;
}

/** Returns the message of an error's deepest cause. */
export function deepestMessage(error: unknown): string {
  let message = messageOf(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) message = cause.message || message;
  return message;
}
