import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Results } from './results.js';

const OURS = '#0a7d4b';
const OTHERS = '#8a8f98';

interface Rate {
  readonly what: string;
  readonly perSecond: number;
  readonly isOurs: boolean;
}

/** Rates of all rounds: what was measured as a dot, the median as a bar. */
export function plotThroughput({ rounds, alternatives }: Results): string {
  const dots = Object.entries(rounds).flatMap(([name, { perSecond }]) =>
    perSecond.map((each): Rate => ({
      what: NAMES[name] ?? name,
      perSecond: each,
      isOurs: isOurWorkload(name),
    })),
  );
  const bars = [
    ...Object.entries(rounds).map(([name, { p50 }]): Rate => ({
      what: NAMES[name] ?? name,
      perSecond: p50,
      isOurs: isOurWorkload(name),
    })),
    ...Object.entries(alternatives).map(([name, { perSecond }]): Rate => ({
      what: name,
      perSecond,
      isOurs: name.startsWith('renderonce'),
    })),
  ];
  return svgOf({
    x: { label: 'per second', grid: true },
    y: { label: null, domain: bars.map(({ what }) => what) },
    marks: [
      Plot.barX(bars, { x: 'perSecond', y: 'what', fill: colour, insetTop: 4, insetBottom: 4 }),
      Plot.dot(dots, { x: 'perSecond', y: 'what', r: 2.5, fill: 'black' }),
      Plot.text(bars, {
        x: 'perSecond',
        y: 'what',
        text: ({ perSecond }: Rate) => perSecond.toFixed(0),
        textAnchor: 'start',
        dx: 10,
      }),
    ],
  });
}

/** What a caller waits for, alone and in a crowd: the median as a dot, a line to 95 %. */
export function plotLatency({ latencyMs }: Results): string {
  const points = Object.entries(latencyMs).flatMap(([who, calls]) =>
    Object.entries(calls).map(([call, { p50, p95 }]) => ({
      what: `${CALLS[call] ?? call}, ${who === 'alone' ? '1 caller' : '50 callers'}`,
      p50,
      p95,
      isOurs: call === 'submitOnce',
    })),
  );
  return svgOf({
    x: { label: 'milliseconds: median, and to 95 %', grid: true, zero: true },
    y: { label: null, domain: points.map(({ what }) => what) },
    marks: [
      Plot.link(points, { x1: 'p50', x2: 'p95', y1: 'what', y2: 'what', stroke: colour, strokeWidth: 3 }),
      Plot.dot(points, { x: 'p50', y: 'what', r: 6, fill: colour }),
    ],
  });
}

const NAMES: Readonly<Record<string, string>> = {
  floor: 'one empty activity',
  ceiling3s: 'by hand, webhook after 3 s',
  webhook3s: 'render, webhook after 3 s',
  ceiling: 'by hand, webhook at once',
  webhook: 'render, webhook at once',
  polling: 'render, by polling',
  dedupe: 'known key again',
};

const isOurWorkload = (workload: string): boolean => !['floor', 'ceiling', 'ceiling3s'].includes(workload);

const CALLS: Readonly<Record<string, string>> = {
  floor: 'one empty activity',
  barePost: 'bare POST',
  submitOnce: 'submitOnce',
};

const colour = ({ isOurs }: { readonly isOurs: boolean }): string => (isOurs ? OURS : OTHERS);

function svgOf(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 720,
    marginLeft: 180,
    marginRight: 50,
    style: { background: 'white', color: 'black', fontFamily: 'sans-serif' },
    ...options,
  });
  // Standing alone, not within a page.
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
