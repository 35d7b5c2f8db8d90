import { expect, test } from 'vitest';
import { shownOn } from '../../src/cli/print/shown.js';

const LINES = [
  'error ConfigInvalid: RENDERONCE_LISTEN cannot be used',
  '  Correct it and start again.',
  'errors: 2',
];
const TERMINAL = { isTTY: true, columns: 30 };
const RED = '\u001b[31merror\u001b[39m';

test('a terminal shows colours and wraps at its width', () => {
  expect(shownOn(TERMINAL, LINES, {}).split('\n')).toEqual([
    `${RED} ConfigInvalid:`,
    '  RENDERONCE_LISTEN cannot be',
    '  used',
    '  Correct it and start again.',
    'errors: 2',
  ]);
});

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('with %j a terminal shows no colour', (env) => {
  expect(shownOn({ isTTY: true, columns: 200 }, LINES, env)).toBe(LINES.join('\n'));
});

test('a file or a pipe gets the lines as they are, for programs', () => {
  expect(shownOn({ isTTY: false, columns: 30 }, LINES, {})).toBe(LINES.join('\n'));
});
