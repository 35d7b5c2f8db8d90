import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { NamespaceNotFoundError, ValueError } from '@temporalio/common';
import {
  EngineNotSetUp,
  EngineRefused,
  EngineUnavailable,
  KeyNotFound,
  PayloadUnreadable,
  RenderonceError,
} from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';

/** gRPC status codes that matter here. */
export const GRPC = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
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

/** Returns true if the engine says that it has no such workflow or run, or that the run is closed. */
export function isNotFound(error: unknown): boolean {
  const isSaid = error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC.notFound;
  return isSaid && !isNamespaceMissing(error);
}

/** An engine that has just started says so without the details by which the SDK recognises it. */
function isNamespaceMissing(error: unknown): boolean {
  return (
    error instanceof NamespaceNotFoundError || /^(5 NOT_FOUND: )?namespace\b/i.test(deepestMessage(error))
  );
}

interface AboutCall {
  readonly cause?: unknown;
  readonly key?: string;
}

/** Translates an error of Temporal's client into one of ours; our own errors pass unchanged. */
export function translateEngineError(error: unknown, key?: string): unknown {
  const about = { cause: error, ...(key === undefined ? {} : { key }) };
  if (error instanceof RenderonceError) return error;
  if (error instanceof NamespaceNotFoundError) {
    return new EngineNotSetUp(`the engine has no namespace ${error.namespace}`, about);
  }
  const message = deepestMessage(error);
  if (error instanceof WorkflowNotFoundError && isNamespaceMissing(error)) {
    return new EngineNotSetUp(`the engine lacks the namespace: ${shorten(message)}`, about);
  }
  if (isNotFound(error) && key !== undefined) {
    return new KeyNotFound(`the engine knows no render under key ${key}`, about);
  }
  // The SDK's message about a payload of our codec, if the client has no codec.
  if (error instanceof ValueError && /unknown encoding: .*encrypted/i.test(message)) {
    return new PayloadUnreadable(
      'the payloads in the engine are encrypted, and this process has no encryption keys',
      about,
    );
  }
  if (isUndecodable(error)) {
    return new PayloadUnreadable(`a payload in the engine cannot be read: ${shorten(message)}`, about);
  }
  // gRPC's own words about a deadline count from the last repetition: "after 0.001s".
  if (isDeadline(error)) return new EngineUnavailable('the engine did not answer in time', about);
  const code = grpcCode(error);
  return code === undefined ? error : ofCode(code, shorten(message), about);
}

/** Returns true for the errors with which the SDK's data converter refuses a payload. */
function isUndecodable(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  return error instanceof ValueError && /encoding|payload (metadata|with no data)/i.test(error.message);
}

function ofCode(code: number, message: string, about: AboutCall): RenderonceError {
  const said = `gRPC ${code}: ${message.replace(/^\d+ [A-Z_]+: /, '')}`;
  switch (code) {
    case GRPC.unavailable:
      return new EngineUnavailable(`the engine does not answer: ${message}`, about);
    case GRPC.resourceExhausted:
      return EngineUnavailable.limited(message, about);
    case GRPC.unknown:
    case GRPC.aborted:
    case GRPC.outOfRange:
    case GRPC.internal:
    case GRPC.dataLoss:
      return new EngineUnavailable(`the engine failed to answer: ${said}`, about);
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return new EngineRefused(`the engine refuses this process: ${said}`, {
        ...about,
        fault: 'credentials',
      });
    case GRPC.unimplemented:
      return new EngineRefused(`the engine lacks a call that renderonce needs: ${said}`, {
        ...about,
        fault: 'version',
      });
    case GRPC.notFound:
      if (isNamespaceMissing(about.cause)) {
        return new EngineNotSetUp(`the engine lacks the namespace: ${message}`, about);
      }
      break;
    case GRPC.invalidArgument:
      if (/search attribute/i.test(message)) {
        return new EngineNotSetUp(`the engine lacks a search attribute: ${message}`, about);
      }
  }
  return new EngineRefused(`the engine refuses the call: ${said}`, about);
}

/** Returns the message of an error's deepest cause. */
export function deepestMessage(error: unknown): string {
  let message = messageOf(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) message = cause.message || message;
  return message;
}
