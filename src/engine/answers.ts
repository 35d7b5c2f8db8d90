import { relative } from 'node:path';
import { connect } from 'node:net';

/** Time of one connection to the address of an engine that may have ended. */
const CONNECT_MS = 500;

type Address = { readonly ip: string; readonly port: number } | { readonly path: string };

/** True if something accepts connections at the address. */
export function isAnswered(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const where = 'path' in address ? { path: address.path } : { host: address.ip, port: address.port };
    const socket = connect({ ...where, timeout: CONNECT_MS });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

/** True if an engine holds a lock. The path of a socket is short, so a longer one says no; then only other signs count. */
export function isHeld(lock: string): Promise<boolean> {
  const short = relative('', lock);
  return isAnswered({ path: short.length < lock.length ? short : lock });
}
