import type { AuditedMovie, AuditReport, Duplicate, Finding, KeyMovie, Price } from '../../audit/index.js';
import { shorten } from '../../text/text.js';

/** Movies without our mark that a person sees; the JSON has all. */
const UNMARKED_SHOWN = 10;

/** Longest text from outside in a line: a key, a namespace or a next step, which names the key a few times. */
const LINE_CHARACTERS = 1_000;
const plain = (text: string): string => shorten(text, LINE_CHARACTERS);

/** Returns the report of an audit for a person: first what is wrong, with its price and next steps, then the rest. */
export function auditLines(report: AuditReport): string[] {
  const { namespace, since, until, movies, duplicates, orphans, unmarked, unreported = [] } = report;
  const isClean = duplicates.length + orphans.length + unmarked.count + unreported.length === 0;
  return [
    `${counted(movies, 'movie')} from ${since} to ${until}; namespace ${namespace}`,
    ...(isClean ? ['nothing is wrong'] : []),
    ...duplicateLines(duplicates),
    ...orphanLines(orphans),
    ...unmarkedLines(unmarked),
    ...unreportedLines(unreported),
    ...otherLines(report),
    ...budgetLines(report.budgets),
    'Credits are estimated from durations, with generated assets if the list names them. The list may lack movies of the last minutes.',
  ];
}

function duplicateLines(duplicates: readonly Duplicate[]): string[] {
  if (duplicates.length === 0) return [];
  const surplus = priceText(together(duplicates.map((duplicate) => duplicate.surplus)));
  return [
    '',
    `DUPLICATES: ${counted(duplicates.length, 'key')} with more than one accepted movie, ${surplus} too much`,
    ...duplicates.flatMap(findingLines),
  ];
}

function orphanLines(orphans: readonly Finding[]): string[] {
  if (orphans.length === 0) return [];
  const price = priceText(together(orphans.map((orphan) => orphan.price)));
  return [
    '',
    `ORPHANS: ${counted(orphans.length, 'accepted movie')} that no render knows, ${price}`,
    ...orphans.flatMap(findingLines),
  ];
}

function findingLines({ key, state, movies, next }: Finding): string[] {
  return [
    `  ${plain(key)}: ${state ?? 'unknown to the engine'}`,
    ...movies.map((movie) => `    ${movieText(movie)}  ${knownText(movie)}`),
    `    next: ${plain(next)}`,
  ];
}

function unmarkedLines({ count, price, movies }: AuditReport['unmarked']): string[] {
  if (count === 0) return [];
  const rest = count - UNMARKED_SHOWN;
  return [
    '',
    `WITHOUT OUR MARK: ${counted(count, 'movie')} that no worker of renderonce submitted, ${priceText(price)}`,
    ...movies.slice(-UNMARKED_SHOWN).map((movie) => `    ${movieText(movie)}`),
    ...(rest > 0 ? [`    and ${rest} older; --json names all`] : []),
    '    next: find the program that posts to this account; if it may do so, pass --allow-unmarked.',
  ];
}

function unreportedLines(unreported: NonNullable<AuditReport['unreported']>): string[] {
  if (unreported.length === 0) return [];
  return [
    '',
    `WITHOUT AN EVENT: ${counted(unreported.length, 'ended render')} that nobody was told of`,
    ...unreported.flatMap(({ key, state, closedAt, next }) => [
      `  ${plain(key)}: ${state}, ${closedAt}`,
      `    next: ${plain(next)}`,
    ]),
  ];
}

function otherLines({ sound, underway, forgotten, elsewhere }: AuditReport): string[] {
  const lines = [
    [sound, 'that renders know'],
    [underway, 'of renders that are submitting now: run the audit again in some minutes'],
    [forgotten, 'older than the memory of the engine: it cannot say if renders knew them'],
    ...elsewhere.map((section) => [section, `of namespace ${plain(section.namespace)}`] as const),
  ] as const;
  const filled = lines.filter(([{ count }]) => count > 0);
  return [
    '',
    ...filled.map(([{ count, price }, what]) => `${counted(count, 'movie')} ${what}; ${priceText(price)}`),
  ];
}

function budgetLines(repairs: AuditReport['budgets']): string[] {
  if (repairs === undefined) return [];
  if (repairs.length === 0) return ['', 'budgets hold nothing in doubt'];
  return [
    '',
    'BUDGETS:',
    ...repairs.map(
      ({ budget, key, credits, did, posted, why }) =>
        `  ${budget}  ${plain(key)}: ${credits} in doubt, ${did}${posted === undefined ? '' : ` ${posted}`}: ${why}`,
    ),
  ];
}

function movieText({ project, createdAt, status, credits }: AuditedMovie): string {
  const price = credits === null ? 'price unknown yet' : counted(credits, 'credit');
  return `${plain(project).padEnd(16)}  ${plain(createdAt ?? 'time unknown')}  ${plain(status ?? 'no status')}, ${price}`;
}

const knownText = ({ isKnown }: KeyMovie): string =>
  isKnown ? 'known to a render' : 'NOT KNOWN to any render';

function together(prices: readonly Price[]): Price {
  return {
    credits: prices.reduce((sum, { credits }) => sum + credits, 0),
    unpriced: prices.reduce((sum, { unpriced }) => sum + unpriced, 0),
  };
}

function priceText({ credits, unpriced }: Price): string {
  return `about ${counted(credits, 'credit')}${unpriced === 0 ? '' : `, and ${unpriced} not ended yet`}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
