import { FUNCTIONS, isTrue, LEVELS, memberOf, numberOf, wordsOf } from './expression-values.js';

/** Returns the value of a variable; undefined if there is none. */
export type LookUp = (name: string) => unknown;

/** A computed part of an expression. Unknown names are undefined, as they are silently ignored at the provider. */
type Node = (lookUp: LookUp) => unknown;

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|"([^"]*)"|([A-Za-z_]\w*)|(===|!==|==|!=|>=|<=|&&|\|\||[-+*/%()?:,.[\]<>!]))/y;

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  readonly value: string;
}

/** Parts within parts of one expression, so that its nesting cannot overflow the stack. */
const MAX_DEPTH = 100;

/** Computes an expression; undefined with `ok: false` if it is none. */
export function evaluated(text: string, lookUp: LookUp): { ok: true; value: unknown } | { ok: false } {
  const tokens = tokensOf(text);
  if (tokens === undefined) return { ok: false };
  const parser = new Parser(tokens);
  const node = parser.whole();
  return node === undefined ? { ok: false } : { ok: true, value: node(lookUp) };
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) return undefined;
    const [, number, single, double, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'text', value: single ?? double ?? '' });
  }
  return tokens;
}

/** Reads tokens from left to right. A part that cannot be read is undefined. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node | undefined {
    const node = this.#choice();
    return this.#at === this.#tokens.length ? node : undefined;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', value: '' };
  }

  #takes(value: string): boolean {
    const isIt = this.#next.value === value && this.#next.kind !== 'text';
    if (isIt) this.#at += 1;
    return isIt;
  }

  #choice(): Node | undefined {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) return undefined;
    const condition = this.#level(0);
    if (condition === undefined || !this.#takes('?')) return condition;
    const yes = this.#choice();
    const no = this.#takes(':') ? this.#choice() : undefined;
    if (yes === undefined || no === undefined) return undefined;
    return (lookUp) => (isTrue(condition(lookUp)) ? yes(lookUp) : no(lookUp));
  }

  #level(index: number): Node | undefined {
    const operators = LEVELS[index];
    if (operators === undefined) return this.#unary();
    let left = this.#level(index + 1);
    for (;;) {
      const operator = this.#next.kind === 'text' ? undefined : operators[this.#next.value];
      if (operator === undefined || left === undefined) return left;
      this.#at += 1;
      const [before, after] = [left, this.#level(index + 1)];
      if (after === undefined) return undefined;
      left = (lookUp) => operator(before(lookUp), after(lookUp));
    }
  }

  #unary(): Node | undefined {
    const sign = ['-', '!', 'not'].find((each) => this.#takes(each));
    if (sign === undefined) return this.#member();
    this.#depth += 1;
    const node = this.#depth > MAX_DEPTH ? undefined : this.#unary();
    if (node === undefined) return undefined;
    return sign === '-' ? (lookUp) => -numberOf(node(lookUp)) : (lookUp) => !isTrue(node(lookUp));
  }

  #member(): Node | undefined {
    let node = this.#primary();
    while (node !== undefined) {
      const owner: Node = node;
      if (this.#takes('.')) {
        const { value } = this.#next;
        this.#at += 1;
        node = (lookUp) => memberOf(owner(lookUp), value);
      } else if (this.#takes('[')) {
        const index = this.#choice();
        if (index === undefined || !this.#takes(']')) return undefined;
        node = (lookUp) => memberOf(owner(lookUp), wordsOf(index(lookUp)));
      } else return node;
    }
    return undefined;
  }

  #primary(): Node | undefined {
    const { kind, value } = this.#next;
    if (this.#takes('(')) {
      const node = this.#choice();
      return this.#takes(')') ? node : undefined;
    }
    this.#at += 1;
    if (kind === 'number') return () => Number(value);
    if (kind === 'text') return () => value;
    if (kind !== 'name') return undefined;
    if (this.#takes('(')) return this.#call(value);
    if (value === 'true' || value === 'false') return () => value === 'true';
    return (lookUp) => lookUp(value);
  }

  #call(name: string): Node | undefined {
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    const given: Node[] = [];
    while (!this.#takes(')')) {
      const node = this.#choice();
      if (node === undefined || run === undefined) return undefined;
      given.push(node);
      if (!this.#takes(',') && this.#next.value !== ')') return undefined;
    }
    return run === undefined ? undefined : (lookUp) => run(...given.map((node) => node(lookUp)));
  }
}
