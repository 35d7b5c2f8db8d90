/** Address at which a process listens; port 0 takes any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** True if any other port will do when this one is taken. */
  readonly orAnyPort?: boolean;
}

/** An address as text, e.g. `127.0.0.1:8080` or `[::1]:8080`. */
export const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):\d{1,5}$/;

/** Parses a text of the form `HOST_AND_PORT`. */
export function listenAddressOf(text: string): ListenAddress {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}
