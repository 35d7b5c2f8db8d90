import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { LAYERS, PLACES, specifierOf } from './layers.js';
import { readLintConfig, reportedBy, type LintConfig } from './oxlint.js';

/** Every way to write an import under a name, the last three of types only. */
const FORMS: readonly ((from: string, name: string) => string)[] = [
  (from, name) => `import { ${name} } from '${from}';`,
  (from, name) => `import * as ${name} from '${from}';`,
  (from) => `import '${from}';`,
  (from, name) => `export { ${name} } from '${from}';`,
  (from) => `export * from '${from}';`,
  (from, name) => `export * as ${name} from '${from}';`,
  (from, name) => `export const ${name} = () => import('${from}');`,
  (from, name) => `import type { ${name} } from '${from}';`,
  (from, name) => `import { type ${name} } from '${from}';`,
  (from, name) => `export type { ${name} } from '${from}';`,
];
const VALUE_FORMS = 7;

/** One import on one line of one file. */
interface Probe {
  readonly file: string;
  readonly from: string;
  readonly source: string;
  readonly isForbidden: boolean;
}

const probesOf = (file: string, target: string, isForbidden: boolean): Probe[] => {
  const from = specifierOf(target, file);
  // Types leave nothing in the bundle, so workflows may know the activities' types.
  const mayImportTypes = file.startsWith('workflows/') && from.includes('/activities/');
  return FORMS.map((write, index) => ({
    file,
    from,
    source: write(from, `${target.replaceAll(/\W/g, '_')}${index}`),
    isForbidden: isForbidden && (index < VALUE_FORMS || !mayImportTypes),
  }));
};

const PROBES: readonly Probe[] = LAYERS.flatMap(({ file, forbidden, allowed }) => [
  ...forbidden.flatMap((target) => probesOf(file, target, true)),
  ...allowed.flatMap((target) => probesOf(file, target, false)),
]);

/** The same from a folder within the layer, where a path climbs further. */
const DEEP_PROBES: readonly Probe[] = LAYERS.filter(({ file }) => file.endsWith('probe.ts')).flatMap(
  (layer) => {
    const deep = layer.file.replace('probe.ts', 'deep/probe.ts');
    return layer.forbidden
      .filter((target) => !target.includes('/') && !target.includes(':'))
      .flatMap((target) => probesOf(deep, target, true));
  },
);

const ALL = [...PROBES, ...DEEP_PROBES];
const RULE = 'eslint(no-restricted-imports)';

const files = new Map<string, string[]>();
for (const { file, source } of ALL) files.set(file, [...(files.get(file) ?? []), source]);

type Override = LintConfig['overrides'][number];

const holds = (glob: string, file: string): boolean => {
  const regex = glob
    .replaceAll('.', '\\.')
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  return new RegExp(`^${regex}$`).test(`src/${file}`);
};

/** The override whose import rule holds for a file: each replaces those before it. */
const rulingOver = (file: string): Override | undefined =>
  config.overrides.findLast(
    ({ files: globs, rules }) =>
      rules['no-restricted-imports'] !== undefined && globs.some((glob) => holds(glob, file)),
  );

const linesOf = (probes: readonly Probe[]): string[] =>
  probes.map(({ file, source }) => `${file}: ${source}`).toSorted();

let config: LintConfig;
let reported: string[];

beforeAll(async () => {
  config = await readLintConfig();
  reported = await reportedBy(RULE, config, files);
});

describe('the import rules', () => {
  test.each([...files.keys()])(
    'report in %s every forbidden import, however it is written, and no other',
    (file) => {
      const mine = ALL.filter((probe) => probe.file === file);
      const found = reported.filter((line) => line.startsWith(`${file}: `));
      expect(found).toEqual(linesOf(mine.filter(({ isForbidden }) => isForbidden)));
    },
  );

  test('are what reports these imports: without them nothing is', async () => {
    const without = config.overrides.map(({ rules, ...rest }) => {
      const { 'no-restricted-imports': _rule, ...others } = rules;
      return { ...rest, rules: others };
    });
    expect(reported.length).toBeGreaterThan(1_000);
    expect(await reportedBy(RULE, { ...config, overrides: without }, files)).toEqual([]);
  });

  test('each have a probe that nothing but they report, so that none can be lost unseen', () => {
    const unproved = config.overrides.flatMap((override) => {
      const { files: globs, rules } = override;
      const rule = rules['no-restricted-imports'];
      if (rule === undefined || rule === 'off') return [];
      const patterns = rule[1].patterns.map(({ regex }) => regex);
      const mine = LAYERS.filter(({ file }) => rulingOver(file) === override);
      const sole = mine
        .flatMap(({ file, forbidden }) => forbidden.map((target) => specifierOf(target, file)))
        .map((from) => patterns.filter((regex) => new RegExp(regex).test(from)));
      return patterns
        .filter((regex) => !sole.some((matching) => matching.length === 1 && matching[0] === regex))
        .map((regex) => `${globs.join(', ')}: ${regex}`);
    });
    expect(unproved).toEqual([]);
  });

  test('cover every layer', async () => {
    const isInSrc = ({ files: of, rules }: Override): boolean =>
      rules['no-restricted-imports'] !== undefined && of.some((glob) => glob.startsWith('src/'));
    const ruling = new Set(LAYERS.map(({ file }) => rulingOver(file)));
    expect(config.overrides.filter((override) => isInSrc(override) && !ruling.has(override))).toEqual([]);

    const names = await readdir(new URL('../../src/', import.meta.url));
    const layers = [...new Set(names.map((name) => name.replace('.ts', '')))];
    expect(Object.keys(PLACES).toSorted()).toEqual(layers.toSorted());
    const probed = new Set(LAYERS.map(({ file }) => file.replace(/(\/.*)?(\.ts)?$/, '')));
    expect(layers.filter((layer) => !probed.has(layer))).toEqual([]);
  });
});

describe('the other import rules', () => {
  test('report a cycle of imports', async () => {
    const cycle = new Map([
      ['render/a.ts', ["import { b } from './b.js';", 'export const a = () => b();']],
      ['render/b.ts', ["import { a } from './a.js';", 'export const b = () => a();']],
      ['render/c.ts', ["import { a } from './a.js';", 'export const c = () => a();']],
    ]);
    expect(await reportedBy('import(no-cycle)', config, cycle)).toEqual([
      "render/a.ts: import { b } from './b.js';",
      "render/b.ts: import { a } from './a.js';",
    ]);
  });

  test('report a default export', async () => {
    const tree = new Map([['render/a.ts', ['export const a = 1;', 'export default a;']]]);
    expect(await reportedBy('import(no-default-export)', config, tree)).toEqual([
      'render/a.ts: export default a;',
    ]);
  });

  test('report a type that is imported as a value, or in the middle of other code', async () => {
    const tree = new Map([
      ['render/a.ts', ['export type A = number;']],
      ['render/b.ts', ["import { A } from './a.js';", 'export type B = A;']],
      ['render/c.ts', ["export type C = import('./a.js').A;"]],
      ['render/d.ts', ["import type { A } from './a.js';", 'export type D = A;']],
    ]);
    expect(await reportedBy('typescript(consistent-type-imports)', config, tree)).toEqual([
      "render/b.ts: import { A } from './a.js';",
      "render/c.ts: export type C = import('./a.js').A;",
    ]);
  });
});
