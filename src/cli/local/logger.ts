import { destination, type Logger, pino } from 'pino';
import { z } from 'zod';
import { parseJson } from '../../text/json.js';

const STDERR = 2;

/** Creates a logger to stderr: lines for a person on a terminal, JSON lines elsewhere. */
export function createLogger(level: string): Logger {
  const stream = destination({ dest: STDERR, sync: true });
  const person = { write: (line: string) => void stream.write(readableLine(line)) };
  return pino({ level, base: null }, process.stderr.isTTY ? person : stream);
}

const entry = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') });

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** Returns a JSON line of the log as time, level, message and the rest; any other line stays as it is. */
export function readableLine(line: string): string {
  const parsed = entry.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, time, msg, ...rest } = parsed.data;
  const facts = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${new Date(time).toISOString().slice(11, 23)} ${LEVELS[level] ?? level} ${msg}${facts}\n`;
}
