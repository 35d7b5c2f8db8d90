import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ownVersion } from '../../src/worker/own-version.js';
import { readDocument } from '../../tools/openapi-document.js';

test('docs/openapi.json is the description that the server serves; `npm run openapi` writes it', async () => {
  const committed = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(await readDocument(ownVersion())));
});
