interface Part {
  /** How a page shows it. */
  readonly shown: string;
  /** What is printed in its place; the same by default. */
  readonly printed?: string;
  /** Whether it names a thing: what a page shows twice under one name is one thing in the run, and two names are two. */
  readonly isName?: boolean;
}

/** What changes from run to run, and what a page leaves out. */
const PARTS: readonly Part[] = [
  { shown: String.raw`v1\.[\w-]+\.\d+\.[\w-]+` },
  { shown: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', isName: true },
  { shown: String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z` },
  { shown: String.raw`(?:127\.0\.0\.1|localhost):\d+`, isName: true },
  // A project of the provider.
  { shown: String.raw`\b(?=[a-z\d]*[A-Z])(?=[A-Z\d]*[a-z])[A-Za-z\d]{16}\b`, isName: true },
  // A line of its own stands for any lines, or none; elsewhere it is any text of a line.
  { shown: String.raw`^…\n`, printed: String.raw`(?:[\s\S]*?\n)?` },
  { shown: String.raw`(?:^|\n)…(?![\s\S])`, printed: String.raw`(?:(?:\n|(?<![\s\S]))[\s\S]*)?` },
  { shown: '…', printed: '.*?' },
];

const PART = new RegExp(PARTS.map(({ shown }) => `(${shown})`).join('|'), 'gm');

/** Compares what a page shows with what was printed, over all blocks of the page. */
export class Shown {
  readonly #names = new Map<string, string>();

  /** A text of the page with the names that it has shown so far as they are in the run. */
  actual(text: string): string {
    return [...this.#names].reduce((result, [name, value]) => result.replaceAll(name, value), text);
  }

  /** Whether that is what the page shows. */
  isShown(shown: string, printed: string): boolean {
    const [pattern, names] = patternOf(plain(shown));
    const found = pattern.exec(plain(printed));
    if (found === null) return false;
    const known = new Map(this.#names);
    for (const [index, name] of names.entries()) {
      const value = found[index + 1] ?? '';
      if ((known.get(name) ?? value) !== value) return false;
      known.set(name, value);
    }
    // Two names never stand for one thing.
    if (new Set(known.values()).size < known.size) return false;
    for (const [name, value] of known) this.#names.set(name, value);
    return true;
  }
}

/** A regular expression of a shown text, and the names that its groups stand for. */
function patternOf(shown: string): [RegExp, string[]] {
  const names: string[] = [];
  let source = '';
  let end = 0;
  for (const found of shown.matchAll(PART)) {
    const part = PARTS[found.slice(1).findIndex((group) => group !== undefined)];
    const printed = part?.printed ?? part?.shown ?? '';
    source += escaped(shown.slice(end, found.index)) + (part?.isName === true ? `(${printed})` : printed);
    if (part?.isName === true) names.push(found[0]);
    end = found.index + found[0].length;
  }
  return [new RegExp(`^${source}${escaped(shown.slice(end))}$`), names];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** JSON in its shortest form, other text without spaces at its ends. */
function plain(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim().replace(/[ \t\r]+$/gm, '');
  }
}
