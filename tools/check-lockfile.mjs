// Every optional dependency named in the lockfile must have an entry of its own: a platform binary that is
// missing there is never installed by `npm ci`, and the tool then fails on that platform only.
// A path to another lockfile may be given.
import { readFileSync } from 'node:fs';

const given = process.argv[2];
const lock = JSON.parse(readFileSync(given ?? new URL('../package-lock.json', import.meta.url), 'utf8'));
const installed = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));
const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !installed.has(name))
    .map((name) => `${path || 'package.json'} names ${name}, which has no entry`),
);
const hosts = Object.entries(lock.packages).filter(([, entry]) => entry.resolved?.startsWith('http'));
for (const [path] of hosts) missing.push(`${path} names the host that it came from (see .npmrc)`);
if (missing.length > 0) {
  console.error(`${given ?? 'package-lock.json'} is incomplete:\n  ${missing.join('\n  ')}`);
  process.exit(1);
}
