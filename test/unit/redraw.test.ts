import { expect, test } from 'vitest';
import { progressText } from '../../src/cli/commands/batch/report.js';
import { Tally } from '../../src/cli/commands/batch/tally.js';
import { Redraw } from '../../src/cli/print/redraw.js';

/** A terminal that obeys the few control codes of a redraw. */
class Screen {
  readonly isTTY = true;
  readonly columns: number;
  lines: string[] = [''];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): boolean {
    const [up = '', rest = ''] = text.split('\u001b[J');
    this.lines.length -= Number(up.replace('\u001b[', '').replace('A', '')) + 1;
    const wrapped = rest.split('\n').flatMap((line) => (line.length < this.columns ? [line] : [line, '…']));
    this.lines.push(...wrapped);
    return true;
  }
}

function redraw(screen: Screen): Redraw {
  const view = Redraw.on(screen as unknown as NodeJS.WriteStream);
  if (view === undefined) throw new Error('the screen cannot be drawn on');
  return view;
}

test('lines replace any number of earlier lines, and the lines above stay', () => {
  const screen = new Screen(20);
  const view = redraw(screen);
  screen.lines = ['above', ''];
  view.draw(['one', 'two', 'three']);
  view.draw(['four']);
  view.draw(['a line that does not fit into twenty columns', 'five']);

  expect(screen.lines).toEqual(['above', 'a line that does no', 'five', '']);
});

test('a wide character counts as two columns and is never cut in half', () => {
  const screen = new Screen(6);
  redraw(screen).draw(['\u6ce8\u6587-1', '\u{1f3ac}\u{1f3ac}\u{1f3ac}', 'abc']);

  expect(screen.lines).toEqual(['\u6ce8\u6587-', '\u{1f3ac}\u{1f3ac}', 'abc', '']);
});

test('a stream that is no terminal, or has no size, is not drawn on', () => {
  const stream = (isTTY: boolean, columns: number): NodeJS.WriteStream =>
    ({ isTTY, columns }) as NodeJS.WriteStream;

  expect(Redraw.on(stream(true, 80))).toBeDefined();
  expect(Redraw.on(stream(true, 0))).toBeUndefined();
  expect(Redraw.on(stream(false, 80))).toBeUndefined();
});

test('the progress of a batch has the share of the file, lines, rate, credits and the time left', () => {
  const tally = new Tally();
  const line = { line: 1, sizeBytes: 25, order: { key: 'k', movie: {}, options: {} } };
  tally.add(line, { end: 'submitted', isDone: false, durationSeconds: 4.2 });

  expect(progressText({ tally, totalBytes: 100, elapsedMs: 2_000 })).toBe(
    '25 %  1 lines, 0.5/s, about 5 credits, 6 s left',
  );
  expect(progressText({ tally: new Tally(), totalBytes: 0, elapsedMs: 0 })).toBe(
    '100 %  0 lines, 0.0/s, about 0 credits, 0 s left',
  );
});
