import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { numberOfActions } from '../support/actions.js';
import { readGolden, VERSION } from './histories.js';

const PAGE = new URL('../../docs/temporal-cloud-and-self-hosted.md', import.meta.url);
/** Dollars of an action, as the page says. */
const PRICE = 0.00005;

test('the page on Temporal Cloud has the numbers of actions of the recorded histories, and prices them', async () => {
  const page = await readFile(PAGE, 'utf8');
  const golden = await readGolden();
  const rows = [...page.matchAll(/^\|[^|]*\| `([\w.-]+)` *\| (\d+) *\| (\d+) *\| \$([\d.]+) *\|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual([
    'done-by-webhook',
    'done-by-polling',
    'adopted-by-look',
    'rejected-by-provider',
    'followed-kept-and-reported',
    'followed-kept-and-reported.after',
  ]);
  for (const [, name, shown, unseen, dollars] of rows) {
    const found = golden.find((each) => each.version === VERSION && each.name === name);
    if (found === undefined) throw new Error(`there is no history ${name}`);
    expect([name, Number(shown)]).toEqual([name, numberOfActions(found.history)]);
    const thousand = (Number(shown) + Number(unseen)) * PRICE * 1_000;
    expect([name, dollars]).toEqual([name, thousand.toFixed(2)]);
  }
});
