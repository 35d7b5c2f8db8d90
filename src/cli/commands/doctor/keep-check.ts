import type { Config } from '../../../config.js';
import { openVideoStore } from '../../../keep/open-store.js';
import { probeStore } from '../../../keep/probe-store.js';
import type { VideoStore } from '../../../keep/video-store.js';
import { RenderonceError } from '../../../render/errors.js';
import { messageOf, shorten } from '../../../text/text.js';
import { type Check, ok, warning, wrong } from './check.js';

const NAME = 'kept videos';

/** Writes, reads and deletes a small object where videos are kept. Says nothing if none are. */
export async function checkKeeping({ keep: { store: settings } }: Config): Promise<Check[]> {
  if (settings === undefined) return [];
  let store: VideoStore | undefined;
  try {
    store = await openVideoStore(settings);
    const { isCreateOnce } = await probeStore(store);
    return [probedCheck(store.address, isCreateOnce)];
  } catch (error) {
    const fix =
      error instanceof RenderonceError
        ? error.next
        : 'correct RENDERONCE_KEEP, or what it says: videos are lost when the provider deletes them';
    return [wrong(NAME, `${settings.keep} cannot be used: ${shorten(messageOf(error))}`, fix)];
  } finally {
    store?.close();
  }
}

function probedCheck(address: string, isCreateOnce: boolean): Check {
  if (!isCreateOnce) {
    return warning(
      NAME,
      `${address} works, but writes an object a second time: it ignores If-None-Match`,
      'nothing must be done; if two workers keep one video at the same time, both write the same bytes',
    );
  }
  const done = `${address}: a file was written, read and deleted`;
  const shared = address.startsWith('file:') ? '; all workers and servers must share this folder' : '';
  return ok(NAME, `${done}${shared}`);
}
