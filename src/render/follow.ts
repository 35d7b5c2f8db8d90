import { isJsonObject } from '../text/json.js';

/** Receiver of events: the name of a destination, or an address that a tool handed out for one call. */
export type NotifyTarget = string | { readonly url: string };

/** What follows the end of a render. */
export interface Follow {
  /** True to keep a copy of the video. */
  readonly keep: boolean;
  /** Receivers of the events; empty if nobody is told. */
  readonly notify: readonly NotifyTarget[];
}

const NOTHING: Follow = { keep: false, notify: [] };

/** Most receivers of one render. Each is an activity of its own. */
export const NOTIFY_TARGETS = 10;

/** Characters of a destination's name, and of an address. */
const NOTIFY_CHARACTERS = { name: 64, url: 2_048 } as const;

/** Name of the destination that `RENDERONCE_EVENTS_URL` defines. */
export const DEFAULT_DESTINATION = 'default';

/** Returns what follows a render: the choice of its options, else that of the worker. */
export function followOf(
  options: { readonly [Name in keyof Follow]?: Follow[Name] | undefined },
  worker: Follow = NOTHING,
): Follow {
  return { keep: options.keep ?? worker.keep, notify: options.notify ?? worker.notify };
}

/** Returns the reason why a value is no list of receivers; undefined if it is one. */
export function notifyFault(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'is no list of destinations';
  if (value.length > NOTIFY_TARGETS)
    return `names ${value.length} destinations, and the limit is ${NOTIFY_TARGETS}`;
  return value.map(targetFault).find((fault) => fault !== undefined);
}

function targetFault(target: unknown): string | undefined {
  if (typeof target === 'string') {
    return /^[\w.-]+$/.test(target) && target.length <= NOTIFY_CHARACTERS.name
      ? undefined
      : `names a destination by other characters than letters, digits and ._-, or by more than ${NOTIFY_CHARACTERS.name}`;
  }
  const url = isJsonObject(target) && Object.keys(target).length === 1 ? target['url'] : undefined;
  const isUrl = typeof url === 'string' && url.length <= NOTIFY_CHARACTERS.url && /^https?:\/\//.test(url);
  return isUrl && URL.canParse(url) ? undefined : 'holds something else than a name or { url }';
}

/** Returns the receivers among the members of a list. */
export function targetsIn(list: unknown): readonly NotifyTarget[] {
  return Array.isArray(list)
    ? list.filter((member): member is NotifyTarget => targetFault(member) === undefined)
    : [];
}
