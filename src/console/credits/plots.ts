import { barX, barY, dot, line, plot, type PlotOptions, ruleY, text } from '@observablehq/plot';
import { raw } from 'hono/html';
import { parseHTML } from 'linkedom';
import type { QuotedCost } from '../../starter/quoted-costs.js';
import type { Statement } from '../../starter/statement.js';
import { shorten } from '../../text/text.js';
import { DAY_MS } from '../../text/time.js';
import type { Html } from '../html.js';

/** Pixels; the style sheet scales a plot to its place. */
const WIDTH = 640;
const HEIGHT = 300;
/** Room for the names of the axes, whose letters are large in a narrow window. */
const MARGINS = { marginLeft: 52, marginTop: 40, marginBottom: 50 };
/** Below a plot whose axis needs no name. */
const NARROW_BOTTOM = 30;
/** Lines across a plot: more would touch each other's numbers in a narrow window. */
const LINES = 5;
/** A bar with its name above it. */
const BAR_HEIGHT = 48;
/** More budgets have their numbers in the table only. */
const MOST_BARS = 12;
/** A longer name would touch its number in a narrow window. */
const NAME_CHARACTERS = 28;

/** Credits of one day in UTC, `2026-11-29`. */
interface DayCredits {
  readonly day: string;
  readonly credits: number;
}

/** Plots the credits of each day from the first to the last; days without a render have none. */
export function plotDays(rows: readonly DayCredits[], since: string, until: string): Html {
  const known = new Map(rows.map(({ day, credits }) => [day, credits]));
  const days: DayCredits[] = [];
  for (let at = Date.parse(since); at <= Date.parse(until); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push({ day, credits: known.get(day) ?? 0 });
  }
  const every = Math.ceil(days.length / 8);
  const ticks = days.filter((_, index) => (days.length - 1 - index) % every === 0).map(({ day }) => day);
  return svgOf('Credits by day', {
    marginBottom: NARROW_BOTTOM,
    x: {
      type: 'band',
      domain: days.map(({ day }) => day),
      ticks,
      tickFormat: (day: string) => day.slice(5),
      label: null,
    },
    y: {
      grid: true,
      label: 'credits',
      nice: true,
      ticks: LINES,
      domain: [0, Math.max(1, ...days.map(({ credits }) => credits))],
    },
    marks: [
      ruleY([0]),
      barY(days, {
        x: 'day',
        y: 'credits',
        fill: 'currentColor',
        title: ({ day, credits }: DayCredits) => `${day}: ${credits}`,
      }),
    ],
  });
}

/** Plots the credits of the budgets that have spent most; the renders without one are among them. */
export function plotBudgets(rows: Statement['rows']): Html {
  type Row = (typeof rows)[number];
  const shown = rows.slice(0, MOST_BARS);
  const nameOf = ({ name }: Row): string => (name === '' ? 'none' : name);
  const title = (row: Row): string => `${nameOf(row)}: ${row.credits}`;
  const most = Math.max(1, ...shown.map(({ credits }) => credits));
  const above = { y: 'name', dy: -8, title };
  return svgOf('Credits by budget', {
    height: shown.length * BAR_HEIGHT,
    marginTop: 0,
    marginRight: 0,
    marginBottom: 0,
    marginLeft: 0,
    x: { axis: null, domain: [0, most] },
    y: { axis: null, type: 'band', padding: 0, domain: shown.map(({ name }) => name) },
    marks: [
      barX(shown, { x: 'credits', y: 'name', insetTop: 28, insetBottom: 8, fill: 'currentColor', title }),
      text(shown, {
        ...above,
        x: 0,
        text: (row: Row) => shorten(nameOf(row), NAME_CHARACTERS),
        textAnchor: 'start',
      }),
      text(shown, { ...above, x: most, text: (row: Row) => `${row.credits}`, textAnchor: 'end' }),
    ],
  });
}

/** Plots cost against quote: on the line both are equal. */
export function plotQuotes(costs: readonly QuotedCost[]): Html {
  const most = Math.max(1, ...costs.flatMap(({ quoted, actual }) => [quoted, actual]));
  const equal = [
    { quoted: 0, actual: 0 },
    { quoted: most, actual: most },
  ];
  return svgOf('Credits spent against credits quoted', {
    x: { grid: true, nice: true, label: 'quoted credits', domain: [0, most] },
    y: { grid: true, nice: true, ticks: LINES, label: 'spent credits', domain: [0, most] },
    marks: [
      line(equal, {
        x: 'quoted',
        y: 'actual',
        stroke: 'currentColor',
        strokeOpacity: 0.5,
        strokeDasharray: '4 3',
      }),
      dot(costs, {
        x: 'quoted',
        y: 'actual',
        r: 4,
        fill: 'currentColor',
        fillOpacity: 0.6,
        title: ({ key, quoted, actual }: QuotedCost) => `${key}: quoted ${quoted}, spent ${actual}`,
      }),
    ],
  });
}

/** Draws on the server. The library's own style would break the Content-Security-Policy; `console.css` has it instead. */
function svgOf(label: string, options: PlotOptions): Html {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = plot({ document, width: WIDTH, height: HEIGHT, ...MARGINS, ...options });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const styled of svg.querySelectorAll('[style]')) styled.removeAttribute('style');
  // Within an image the names of its parts say nothing.
  for (const named of svg.querySelectorAll('[aria-label]')) named.removeAttribute('aria-label');
  svg.setAttribute('class', 'plot');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return raw(svg.outerHTML);
}
