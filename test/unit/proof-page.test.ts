import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the report of the proof becomes a page that has all of it, with its plots', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renderonce-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, ['tools/proof-page.mjs', folder], { cwd: ROOT });
  const report = readFileSync(join(ROOT, 'proof/report.md'), 'utf8');
  const { document } = parseHTML(readFileSync(join(folder, 'index.html'), 'utf8'));

  const cells = report.split('\n').filter((line) => /^\| [^-]/.test(line));
  expect([...document.querySelectorAll('tr')].map((row) => row.children.length)).toEqual(
    cells.map((line) => line.split('|').length - 2),
  );
  expect([...document.querySelectorAll('h2')].map((title) => title.textContent)).toEqual(
    [...report.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
  );
  const plots = [...document.querySelectorAll('img')].map((plot) => plot.getAttribute('src') ?? '');
  expect(plots).toHaveLength(2);
  for (const plot of plots) expect(existsSync(join(folder, plot))).toBe(true);
  expect(document.body.textContent).not.toMatch(/[`|]|!\[/);
});
