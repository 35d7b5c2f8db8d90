import type { ActivityDependencies } from '../activities/dependencies.js';
import { Destinations } from '../events/destinations.js';
import { createEventSender } from '../events/sender.js';
import { createVideoFiles } from '../json2video/video-files.js';
import type { CopyEnd } from '../render/kept.js';
import type { RenderWorkerOptions } from './options.js';

type FollowingOptions = Pick<RenderWorkerOptions, 'events' | 'keep' | 'keepHosts'> &
  Partial<Pick<RenderWorkerOptions, 'json2video'>>;

interface Following {
  readonly dependencies: Pick<ActivityDependencies, 'follow' | 'events' | 'keeping'>;
  readonly close: () => Promise<void>;
}

/** Returns what the activities need for all that follows a render. */
export function followingOf(
  options: FollowingOptions,
  onAttempt: Parameters<typeof createEventSender>[0]['onAttempt'],
  onCopy?: (end: CopyEnd) => void,
): Following {
  const sending = sendingOf(options, onAttempt);
  const keeping = keepingOf(options, onCopy);
  return {
    dependencies: {
      follow: { keep: keeping !== undefined, notify: sending?.byDefault ?? [] },
      events: sending?.sender,
      keeping,
    },
    close: async () => {
      await sending?.sender.close();
      await keeping?.files.close();
    },
  };
}

function sendingOf(
  { events }: FollowingOptions,
  onAttempt: Parameters<typeof createEventSender>[0]['onAttempt'],
) {
  if (events === undefined) return undefined;
  const destinations = new Destinations(events);
  const { allowPrivate = false } = events;
  const sender = createEventSender({ destinations, allowPrivate, now: Date.now, onAttempt });
  return { sender, byDefault: destinations.byDefault };
}

function keepingOf(
  { keep: store, keepHosts: hosts = [], json2video }: FollowingOptions,
  onCopy: ((end: CopyEnd) => void) | undefined,
) {
  if (store === undefined || json2video === undefined) return undefined;
  return { store, files: createVideoFiles({ apiUrl: json2video.url, hosts }), onCopy };
}
