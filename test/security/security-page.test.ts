import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const PAGE = readFileSync(new URL('SECURITY.md', ROOT), 'utf8');

/** Rows of the threat table that name no proof, or one that is not there. */
function unproved(page: string): string[] {
  const [, table = ''] = /^\| threat [^\n]*\n\|[^\n]*\n((?:\|[^\n]*\n)+)/m.exec(page) ?? [];
  return table
    .trim()
    .split('\n')
    .filter((row) => {
      const proofs = row.match(/(?<=`)(?:test|bench)\/[\w./-]+(?=`)/g) ?? [];
      const isTested = proofs.some((proof) => proof.endsWith('.test.ts'));
      return !isTested || proofs.some((proof) => !existsSync(new URL(proof, ROOT)));
    });
}

test('for each threat SECURITY.md names the test that proves the defence', () => {
  expect(unproved(PAGE)).toEqual([]);
});

test.each([
  ['that is not there', 'movie-urls.test.ts', 'movies-urls.test.ts'],
  ['that is no test', 'tokens.test.ts', 'raw-sender.ts'],
])('a proof %s is found', (_, proof, other) => {
  expect(unproved(PAGE.replace(proof, other))).toHaveLength(1);
});
