import { readFile } from 'node:fs/promises';
import type { EventSettings } from '../events/destinations.js';
import type { Config } from '../config.js';
import { ConfigInvalid } from '../render/errors.js';
import { messageOf } from '../text/text.js';

/**
 * Returns the settings of events with the file that they name; undefined if there are none.
 *
 * @throws ConfigInvalid
 */
export async function eventSettings({
  destinations,
  url,
  notifyHosts,
  ...rest
}: Config['events']): Promise<EventSettings | undefined> {
  if (destinations === undefined && url === undefined && notifyHosts.length === 0) return undefined;
  const more = destinations === undefined ? undefined : await read(destinations);
  return { url, notifyHosts, more, ...rest };
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigInvalid(
      `RENDERONCE_DESTINATIONS names a file that cannot be read: ${messageOf(error)}`,
      'Correct the path, or let this process read the file.',
    );
  });
}
