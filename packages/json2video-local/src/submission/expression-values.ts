import { isJsonObject } from '../json.js';

/** Operators of two values by how tightly they bind, the loosest first. `and` and `or` are documented. */
export const LEVELS: readonly Readonly<Record<string, (a: unknown, b: unknown) => unknown>>[] = [
  { or: (a, b) => (isTrue(a) ? a : b), '||': (a, b) => (isTrue(a) ? a : b) },
  { and: (a, b) => (isTrue(a) ? b : a), '&&': (a, b) => (isTrue(a) ? b : a) },
  { '==': isEqual, '===': isEqual, '!=': (a, b) => !isEqual(a, b), '!==': (a, b) => !isEqual(a, b) },
  {
    '>=': (a, b) => compared(a, b) >= 0,
    '<=': (a, b) => compared(a, b) <= 0,
    '>': (a, b) => compared(a, b) > 0,
    '<': (a, b) => compared(a, b) < 0,
  },
  { '+': plus, '-': (a, b) => numberOf(a) - numberOf(b) },
  {
    '*': (a, b) => numberOf(a) * numberOf(b),
    '/': (a, b) => numberOf(a) / numberOf(b),
    '%': (a, b) => numberOf(a) % numberOf(b),
  },
];

/** Functions. `min` and `max` are documented, `ceil` appears in a tutorial; the others are the usual ones beside them. */
export const FUNCTIONS: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  min: (...values) => Math.min(...values.map(numberOf)),
  max: (...values) => Math.max(...values.map(numberOf)),
  ceil: (value) => Math.ceil(numberOf(value)),
  floor: (value) => Math.floor(numberOf(value)),
  round: (value, digits = 0) => Number(numberOf(value).toFixed(Math.min(10, Math.max(0, numberOf(digits))))),
  abs: (value) => Math.abs(numberOf(value)),
  length: (value) => (Array.isArray(value) ? value.length : wordsOf(value).length),
  upper: (value) => wordsOf(value).toUpperCase(),
  lower: (value) => wordsOf(value).toLowerCase(),
  trim: (value) => wordsOf(value).trim(),
  concat: (...values) => values.map(wordsOf).join(''),
};

/** Writes a value as a text does: an unknown one is empty. */
export function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** True for a value that a condition takes for true. */
export function isTrue(value: unknown): boolean {
  return !['', 'false', '0', 'null', 'undefined', 'NaN'].includes(wordsOf(value).trim().toLowerCase());
}

/** Follows a name into an object, or an index into an array. */
export function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value) && name === 'length') return value.length;
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Reads a number, also from a text: variables are mostly texts. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function plus(a: unknown, b: unknown): unknown {
  const sum = numberOf(a) + numberOf(b);
  return Number.isNaN(sum) ? wordsOf(a) + wordsOf(b) : sum;
}

function isEqual(a: unknown, b: unknown): boolean {
  const [one, other] = [numberOf(a), numberOf(b)];
  return one === other || wordsOf(a) === wordsOf(b);
}

function compared(a: unknown, b: unknown): number {
  const difference = numberOf(a) - numberOf(b);
  return Number.isNaN(difference) ? wordsOf(a).localeCompare(wordsOf(b)) : difference;
}
