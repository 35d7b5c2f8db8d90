import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { resultsSchema } from './results.js';
import { withTables } from './scaling/page.js';
import { scalingTables } from './scaling/tables.js';

/** `npm run bench:scaling`: computes the tables of `docs/scaling.md` from `results.json` and writes them into the page. */
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const page = file('../docs/scaling.md');
const results = resultsSchema.parse(JSON.parse(await readFile(file('results.json'), 'utf8')));
const written = withTables(await readFile(page, 'utf8'), scalingTables(results));
await writeFile(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
