import { destination, type Logger, pino } from 'pino';
import { readableLine } from '../print/readable-line.js';

const STDERR = 2;

/** A logger to stderr: lines for a person on a terminal, JSON lines elsewhere. */
export function createLogger(level: string): Logger {
  const stream = destination({ dest: STDERR, sync: true });
  const person = { write: (line: string) => void stream.write(readableLine(line)) };
  return pino({ level, base: null }, process.stderr.isTTY ? person : stream);
}
