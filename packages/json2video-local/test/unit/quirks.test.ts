import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { quirkTable, scenarioList } from '../../src/index.js';
import { call, post, releaseFakes, startFake } from './support.js';

releaseFakes();

const folder = new URL('.', import.meta.url);
const tests = readdirSync(folder)
  .filter((name) => name.startsWith('quirk-'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('');

/** Without the spaces that align its tables. */
const docs = readFileSync(new URL('../../../../docs/fake.md', folder), 'utf8').replaceAll(/ +/g, ' ');

describe('the switches', () => {
  test.each(quirkTable())('$name ($of) is tested in its positions', ({ name, of }) => {
    expect(tests).toContain(`testPositions('${of}', '${name}',`);
  });

  test('every contradiction has a switch, but for those that are fixed', () => {
    const numbers = Array.from({ length: 22 }, (_, index) => `C${index + 1}`);
    const switched = new Set(quirkTable().map(({ of }) => of));
    expect(numbers.filter((number) => !switched.has(number))).toEqual(['C16', 'C20', 'C22']);
  });

  test.each(quirkTable())('$name is in the docs with its positions', ({ name, of, positions }) => {
    const choices = positions.map((position, index) =>
      index === 0 ? `**\`${position}\`**` : `\`${position}\``,
    );
    const takes = positions.length === 0 ? 'a number' : `${choices.join(' ')} |`;
    expect(docs).toContain(`| ${of} | \`${name}\` | ${takes}`);
  });

  test.each(scenarioList())('the scenario $name is in the docs', ({ name, about }) => {
    expect(docs).toContain(`| \`${name}\` | ${about} |`);
  });

  test('the first position is the default', async () => {
    const fake = await startFake();
    const choices = quirkTable().filter(({ positions }) => positions.length > 0);
    const defaults = Object.fromEntries(choices.map(({ name, positions }) => [name, positions[0]]));
    expect(fake.quirks()).toMatchObject(defaults);
  });

  test('they are read and changed while the fake runs, by the handle and by its control routes', async () => {
    const fake = await startFake({ quirks: { badKey: 401 } });
    const changed = await call(fake, '/_fake/quirks', { method: 'POST', body: { refusalBody: 'error' } });
    expect(changed.json).toMatchObject({ quirks: { badKey: 401, refusalBody: 'error' } });
    expect((await post(fake, '')).json).toEqual({ error: 'No movie JSON received' });
    expect(fake.setQuirks({ badKey: 403 })).toEqual(fake.quirks());
    const { json } = await call(fake, '/_fake/quirks');
    expect(json).toMatchObject({ quirks: fake.quirks(), table: quirkTable() });
  });

  test.each([
    [{ badKey: 402 }, 'The quirk "badKey" has no position 402; it takes 400, 401, 403.'],
    [{ goodKey: 200 }, 'There is no quirk "goodKey".'],
    [{ listLagSeconds: -1 }, 'The quirk "listLagSeconds" has no position -1'],
    [[], '"" is not usable'],
  ])('%j is refused by name, and changes nothing', async (settings, message) => {
    const fake = await startFake();
    const before = fake.quirks();
    const answer = await call(fake, '/_fake/quirks', { method: 'POST', body: settings });
    expect(answer.code).toBe(400);
    expect(answer.text).toContain(JSON.stringify(message).slice(1, -1));
    expect(fake.quirks()).toEqual(before);
  });

  test('an unusable one at the start is refused at once', async () => {
    const quirks: object = { badKey: 200 };
    await expect(startFake({ quirks })).rejects.toThrow('badKey');
  });
});
