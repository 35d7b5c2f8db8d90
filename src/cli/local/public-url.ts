import { urlFault } from '../../movie/public-url.js';

/** Why the provider cannot report to an address, or nothing where nothing speaks against it. */
export function notPublicBecause(url: string): string | undefined {
  if (new URL(url).protocol !== 'https:') return 'it is not https';
  const fault = urlFault(url);
  return fault === undefined ? undefined : `it ${fault}`;
}

/** Whether an address is of this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
