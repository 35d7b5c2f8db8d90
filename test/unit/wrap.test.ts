import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf, wrapLine } from '../../src/cli/print/wrap.js';

test('a line is wrapped between words, with a hanging indent; a command in backticks stays whole', () => {
  const line =
    '  Start Temporal (a local one: `renderonce dev`) or correct TEMPORAL_ADDRESS, then call again.';
  expect(wrapLine(line, 40)).toEqual([
    '  Start Temporal (a local one:',
    '    `renderonce dev`) or correct',
    '    TEMPORAL_ADDRESS, then call again.',
  ]);
  expect(wrapLine(line, 200)).toEqual([line]);
});

test('no word is broken or lost, and only a word of its own is longer than the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z日🎬]{1,12}$/u)),
      fc.integer({ min: 4, max: 30 }),
      (words, width) => {
        const lines = wrapLine(words.join(' '), width);
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(words);
        for (const each of lines.filter((one) => columnsOf(one) > width)) {
          expect(each.trim()).not.toContain(' ');
        }
      },
    ),
  );
});
