import { upperBound } from './bound.js';
import { ALL_KINDS, ENOUGH_KEYS } from '../kinds.js';
import { CHOICE } from '../plan.js';
import { nameOfPiece, type Piece, timesOf } from './piece.js';
import { PROMISES, type PromiseId, strikesOf, sumOfTrials, type Trials, UNITS } from './promises.js';

/** The report of all pieces. */
export function markdownOf(pieces: readonly Piece[]): string {
  const sum = (of: (piece: Piece) => number): number => pieces.reduce((all, piece) => all + of(piece), 0);
  const keys = sum((piece) => piece.keys);
  const promises = sumOfTrials(pieces.map((piece) => piece.promises));
  const strikes = strikesByKind(strikesOf(promises));
  const failed = pieces.flatMap((piece) => piece.failedCells.map((cell) => `${nameOfPiece(piece)}: ${cell}`));
  return `# Proof

Random faults for ${sum(({ minutes }) => minutes).toFixed(0)} minutes ${daysOf(pieces)}: real workers, starters, receivers, servers and engines,
killed, stopped and continued; the provider's ledger on disk is the oracle. ${number(keys)} keys in ${number(sum(({ cells }) => cells))} cells, and ${number(sum((piece) => piece.acceptedPosts))}
accepted POSTs. A look had to settle ${number(sum(({ inDoubt }) => inDoubt))} keys in doubt, and ${number(sum(({ held }) => held))} were held for a person, as asked.
\`npm run proof -- --resume --keys 30000\` goes on with a piece of its own. While a kind of fault has
struck fewer than ${ENOUGH_KEYS} keys, every third of its cells is simply the next that is drawn; the others are chosen from ${CHOICE} drawn
cells each, for the rarest kind. After that each cell is the next.

## What is promised, and how often it was tried

${table(['promise', 'trials', 'faults fired', 'violations', 'rarer than, at 95 %'], promiseRows(promises))}

The bound is that of Clopper and Pearson; without a violation in n trials it
is 1 − 0.05^(1/n). It is about keys that meet faults as they are drawn here, and it takes keys as independent, although
those of one cell share a process, a moment and a machine. A cell that could not be played is no trial, and stands below.

## Pieces

${table(['piece', 'version', 'machine', 'keys', 'cells', 'minutes', 'failed cells'], pieces.map(pieceRow))}

## Paid once

On the grey diagonal every key is paid for once. The naive client (\`src/demo/naive.ts\`: POST, again on any error, poll)
met what ${number(sum(({ naive }) => naive.keys))} of the keys met, as far as it can: ${number(sum(({ naive }) => naive.line.at(-1)?.[1] ?? 0))} accepted POSTs. Racing callers, each of whom it would
pay for, are left out of its line.

![accepted POSTs against keys](paid.svg)

## From the fault to the answer

What is not known after a crash is waited for: an attempt's time, the settle window, a render. The long end are the
crashes during a look, which the engine notices after 90 s. Half of the keys had their answer within ${withinSeconds(pieces, 0.5)} s, and 99 % within
${withinSeconds(pieces, 0.99)} s.

![share of keys against seconds](time-to-known.svg)

## What happened, and to how many keys

Of the kills of an engine, of \`up\` and of a budget's workers, all that were made.

${strikesInWords(strikes)}

${table(['fault', 'keys'], strikes)}

## Failed cells

${failed.length === 0 ? 'None.' : failed.map((cell) => `- ${cell}`).join('\n')}
`;
}

/** In so many seconds such a share of the keys had its answer. */
function withinSeconds(pieces: readonly Piece[], share: number): string {
  const times = pieces.flatMap(timesOf).toSorted((a, b) => a.ms - b.ms);
  const due = share * times.reduce((sum, { keys }) => sum + keys, 0);
  let told = 0;
  const last = times.find(({ keys }) => (told += keys) >= due);
  return ((last?.ms ?? 0) / 1_000).toFixed(0);
}

function promiseRows(promises: Readonly<Partial<Record<PromiseId, Trials>>>) {
  return (Object.keys(promises) as PromiseId[]).map((id) => {
    const { trials, violations, faults } = promises[id] ?? { trials: 0, violations: 0, faults: {} };
    const tried = `${number(trials)} ${UNITS[id] ?? 'keys'}`;
    return [PROMISES[id], tried, kindsOf(faults), violations, upperBound(violations, trials).toPrecision(2)];
  });
}

/** All kinds are in the table of faults; here are how many, and the one that was tried least. */
function kindsOf(faults: Readonly<Record<string, number>>): string {
  const [least] = Object.entries(faults).toSorted(([, one], [, other]) => one - other);
  if (least === undefined) return 'none';
  const kinds = Object.keys(faults).length;
  return kinds === 1 ? `${least[0]}: ${least[1]}` : `${kinds} kinds, at least ${least[1]} of each`;
}

function pieceRow(piece: Piece) {
  const { version, machine, minutes, failedCells, cells, keys } = piece;
  const on =
    machine === 'unknown'
      ? 'unknown'
      : `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node}, ${machine.os}`;
  const of = `${version.package}, ${version.commit === 'unknown' ? 'commit unknown' : version.commit}`;
  return [nameOfPiece(piece), of, on, keys, cells, minutes, failedCells.length];
}

/** Says how many kinds of fault have struck enough keys, and how many have struck few or none. */
function strikesInWords(strikes: Strikes): string {
  const [enough, few, none] = [
    strikes.filter(([, keys]) => keys >= ENOUGH_KEYS),
    strikes.filter(([, keys]) => keys > 0 && keys < ENOUGH_KEYS),
    strikes.filter(([, keys]) => keys === 0),
  ].map(({ length }) => length);
  const all = `${strikes.length} kinds of fault are drawn.`;
  if (enough === strikes.length) return `${all} Each has struck at least ${ENOUGH_KEYS} keys.`;
  return `${all} ${enough} have struck at least ${ENOUGH_KEYS} keys, ${few} fewer, ${none} none yet. The rarest come first.`;
}

type Strikes = readonly (readonly [kind: string, keys: number])[];

/** The keys that each kind of fault has struck, the rarest first; a kind of an older proof is among them. */
function strikesByKind(struck: Readonly<Record<string, number>>): Strikes {
  const all = { ...Object.fromEntries(ALL_KINDS.map((kind) => [kind, 0])), ...struck };
  return Object.entries(all).toSorted(([a, one], [b, other]) => one - other || a.localeCompare(b));
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function daysOf(pieces: readonly Piece[]): string {
  const days = pieces.map(({ startedAt }) => startedAt.slice(0, 10));
  const [first = 'no day', last = first] = [days[0], days.at(-1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
