import { expect, test } from 'vitest';
import { readableLine } from '../../src/cli/local/logger.js';

test('a line of the log reads as time, level, message and the rest', () => {
  const time = Date.UTC(2026, 10, 24, 12, 30, 5, 7);
  const line = JSON.stringify({ level: 40, time, msg: 'keys are forgotten early', days: 2 });
  expect(readableLine(`${line}\n`)).toBe('12:30:05.007 WARN keys are forgotten early {"days":2}\n');
  expect(readableLine(JSON.stringify({ level: 30, time, msg: 'ready' }))).toBe('12:30:05.007 info ready\n');
  expect(readableLine(JSON.stringify({ level: 35, time }))).toBe('12:30:05.007 35 \n');
});

test.each(['no JSON\n', '[]\n', '{"level":"info"}\n', ''])(
  '%j is no line of the log and stays as it is',
  (line) => {
    expect(readableLine(line)).toBe(line);
  },
);
