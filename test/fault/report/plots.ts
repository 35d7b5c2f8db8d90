import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** An SVG is to be looked at, not to hold every key. */
const POINTS_A_LINE = 300;

const WIDTH = 640;
const HEIGHT = 400;

/** At most about so many of the points, at equal distances, and always the last. */
export function thinned<T>(points: readonly T[], most: number = POINTS_A_LINE): readonly T[] {
  const step = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

export interface PaidPoint {
  readonly keys: number;
  readonly posts: number;
  readonly client: string;
}

/** Keys for which anything was accepted, against all that was accepted for them. */
export function paidLine(client: string, acceptedByKey: readonly number[]): readonly PaidPoint[] {
  let posts = 0;
  const paid = acceptedByKey.filter((accepted) => accepted > 0);
  const points = paid.map((accepted, index): PaidPoint => ({
    keys: index + 1,
    posts: (posts += accepted),
    client,
  }));
  return [{ keys: 0, posts: 0, client }, ...points];
}

/** The promise in a picture: renderonce lies on the diagonal. */
export function plotPaid(lines: readonly (readonly PaidPoint[])[]): string {
  const longest = Math.max(...lines.flat().map(({ keys }) => keys));
  return svgOf({
    x: { label: 'keys paid for' },
    y: { label: 'accepted POSTs', grid: true },
    color: { legend: false, domain: ['renderonce', 'naive client'], range: ['#0a7d4b', '#c0392b'] },
    marks: [
      Plot.link([{}], { x1: 0, y1: 0, x2: longest, y2: longest, stroke: '#bbb', strokeWidth: 6 }),
      ...lines.map((line) =>
        Plot.line(thinned(line), { x: 'keys', y: 'posts', stroke: 'client', strokeWidth: 2 }),
      ),
      ...lines.map((line) =>
        Plot.text(line.slice(-1), {
          x: 'keys',
          y: 'posts',
          text: 'client',
          textAnchor: 'end',
          dx: -8,
          dy: -10,
        }),
      ),
    ],
  });
}

/** Times that stand for so many keys each. */
interface Timed {
  readonly ms: number;
  readonly keys: number;
}

/** How long keys were in the dark: the share that was told of its end, against the time since the fault. */
export function plotTimes(times: readonly Timed[]): string {
  const all = times.reduce((sum, { keys }) => sum + keys, 0);
  let told = 0;
  const points = times
    .toSorted((a, b) => a.ms - b.ms)
    .map(({ ms, keys }) => ({ seconds: ms / 1_000, share: (told += keys) / all }));
  return svgOf({
    x: { label: 'seconds from the fault to the answer', zero: true },
    y: { label: 'share of keys', grid: true, percent: true, domain: [0, 100] },
    marks: [Plot.line(thinned(points), { x: 'seconds', y: 'share', curve: 'step-after', stroke: '#0a7d4b' })],
  });
}

function svgOf(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 60,
    style: { background: 'white', color: 'black', fontFamily: 'sans-serif' },
    ...options,
  });
  // Standing alone, not within a page.
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svg.outerHTML;
}
