// Removes the declarations that no entry point of the package in this folder reaches: nobody can import them.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const reached = new Set();
const visit = (path) => {
  if (reached.has(path)) return;
  reached.add(path);
  for (const [, target] of readFileSync(path, 'utf8').matchAll(
    /(?:from|import) ?\(?['"](\.[^'"]+)\.js['"]/g,
  )) {
    visit(join(dirname(path), `${target}.d.ts`));
  }
};
for (const { types } of Object.values(exports)) if (types !== undefined) visit(normalize(types));
for (const name of readdirSync('dist', { recursive: true })) {
  const path = join('dist', name);
  if (path.endsWith('.d.ts') && !reached.has(path)) rmSync(path);
}
