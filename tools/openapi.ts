// Writes docs/openapi.json, the description that `renderonce server` serves.
import { writeFile } from 'node:fs/promises';
import { ownVersion } from '../src/worker/own-version.js';
import { readDocument } from './openapi-document.js';

await writeFile(new URL('../docs/openapi.json', import.meta.url), await readDocument(ownVersion()));
