import { expect, test } from 'vitest';
import { type HintResult, hintResult } from '../../src/render/reading.js';
import type { Reading } from '../../src/render/reading.js';

const message = 'm';

test.each<[HintResult, Reading | undefined]>([
  ['confirmed', { says: 'error', message }],
  ['early', { says: 'rendering', status: 'running' }],
  ['early', { says: 'timeout', message }],
  ['early', { says: 'gone', message }],
  ['unanswered', { says: 'missing', message }],
  ['unanswered', { says: 'unreadable', message }],
  ['unanswered', undefined],
])('a hint is %s if the provider says %j', (result, reading) => {
  expect(hintResult(reading)).toBe(result);
});
