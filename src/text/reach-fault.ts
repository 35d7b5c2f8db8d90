import { messageOf } from './text.js';

/** Members of the errors by which Node reports a connection that did not come about. */
interface ConnectFault {
  readonly code: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

/**
 * Describes why a server cannot be reached. A name without an address, a closed port and another protocol have words of
 * their own, since each has another remedy; the code of the system stays in brackets.
 */
export function reachFault(error: unknown): string {
  const message = messageOf(error);
  const fault = connectFaultOf(error);
  const where = fault?.address === undefined ? 'there' : `at ${fault.address}:${fault.port}`;
  switch (fault?.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${fault.hostname ?? ''} has no address in DNS (${fault.code})`;
    case 'ECONNREFUSED':
      return `nothing listens ${where} (${fault.code})`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `no way leads to ${fault.address ?? 'it'} (${fault.code})`;
    default:
      return protocolFault(message) ?? message;
  }
}

/** Describes an error of a server that speaks another protocol; undefined for any other error. */
function protocolFault(message: string): string | undefined {
  if (/wrong version number|packet length too long|EPROTO/i.test(message)) {
    return 'the server speaks another protocol than https: is it http? (TLS handshake failed)';
  }
  if (/does not match the HTTP\/1\.1 protocol/i.test(message)) {
    return `the server speaks another protocol than http (${message})`;
  }
  return undefined;
}

function connectFaultOf(error: unknown): ConnectFault | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // A name with several addresses has one error for each.
    const one: unknown = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
    if (isConnectFault(one)) return one;
  }
  return undefined;
}

function isConnectFault(error: unknown): error is ConnectFault {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
