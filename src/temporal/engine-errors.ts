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

/** The gRPC status code within an error of the engine's client, however deep it is wrapped. */
export function grpcCode(error: unknown): number | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}

/** Whether the call ran into its deadline or was given up, so that its effect is not known. */
export function isDeadline(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const code = grpcCode(error);
  return code === GRPC.deadlineExceeded || code === GRPC.cancelled;
}

/** Whether the run was closing or being started at this moment, so that the key must be looked at again. */
export function isInTransition(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC.failedPrecondition || code === GRPC.aborted || code === GRPC.alreadyExists;
}

/** Whether the engine refused what it was asked as such. */
export function isInvalidArgument(error: unknown): boolean {
  return grpcCode(error) === GRPC.invalidArgument;
}

/** What an error of the engine's client means to a caller of ours; our own errors pass unchanged. */
export function translateEngineError(error: unknown, key?: string): unknown {
  const about = { cause: error, ...(key === undefined ? {} : { key }) };
  if (error instanceof RenderonceError) return error;
  if (error instanceof NamespaceNotFoundError) {
    return new EngineNotSetUp(`the engine has no namespace ${error.namespace}`, about);
  }
  const code = grpcCode(error);
  const message = deepestMessage(error);
  // What the SDK says of a payload of our codec where the client has none.
  if (error instanceof ValueError && /unknown encoding: .*encrypted/i.test(message)) {
    return new PayloadUnreadable('what the engine holds is encrypted, and this process has no keys', about);
  }
  if (code === GRPC.invalidArgument && /search attribute/i.test(message)) {
    return new EngineNotSetUp(`the engine lacks a search attribute: ${shorten(message)}`, about);
  }
  if (code === GRPC.unavailable || isDeadline(error)) {
    return new EngineUnavailable(`the engine does not answer: ${shorten(message)}`, about);
  }
  return error;
}

/** The message at the root of an error. */
export function deepestMessage(error: unknown): string {
  let message = messageOf(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) message = cause.message || message;
  return message;
}
