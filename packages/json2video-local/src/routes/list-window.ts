import { MAX_LIST_DAYS } from '../limits.js';

/** A period of the list; both ends belong to it. Milliseconds since the epoch. */
export interface ListWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 24 * 3_600_000;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The period a list call asks for; a text: what is wrong with it. Without parameters it is the current calendar
 * month (UTC) to the end of today, so on the 1st yesterday's movies are not in it.
 */
export function listWindow(query: URLSearchParams, nowMs: number): ListWindow | string {
  const from = query.get('date_start') ?? query.get('from');
  const to = query.get('date_end') ?? query.get('to');
  const fromMs = from === null ? monthStart(nowMs) : dayOrInstant(from, 'start');
  const toMs = to === null ? dayStart(nowMs) + DAY_MS - 1 : dayOrInstant(to, 'end');
  if (fromMs === undefined) return 'Invalid date_start';
  if (toMs === undefined) return 'Invalid date_end';
  if (toMs - fromMs > MAX_LIST_DAYS * DAY_MS) return `The date range cannot exceed ${MAX_LIST_DAYS} days`;
  return { fromMs, toMs };
}

/** A bare date stands for its whole day; a time for itself. Times without a zone are UTC. */
function dayOrInstant(text: string, edge: 'start' | 'end'): number | undefined {
  if (DATE_ONLY.test(text)) {
    const midnightMs = Date.parse(`${text}T00:00:00.000Z`);
    if (Number.isNaN(midnightMs)) return undefined;
    return edge === 'start' ? midnightMs : midnightMs + DAY_MS - 1;
  }
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function monthStart(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}

const dayStart = (nowMs: number): number => Math.floor(nowMs / DAY_MS) * DAY_MS;
