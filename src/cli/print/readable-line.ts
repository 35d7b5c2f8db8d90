import { z } from 'zod';
import { parseJson } from '../../text/json.js';

const entry = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') });

const NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** A JSON line of the log as a person reads it: time, level, message, the rest; a line of another kind as it is. */
export function readableLine(line: string): string {
  const parsed = entry.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, time, msg, ...rest } = parsed.data;
  const facts = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${new Date(time).toISOString().slice(11, 23)} ${NAMES[level] ?? level} ${msg}${facts}\n`;
}
