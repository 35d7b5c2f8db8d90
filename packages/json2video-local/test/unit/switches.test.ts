import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { switchTable, scenarioList } from '../../src/index.js';
import { call, post, releaseFakes, startFake } from './support.js';

releaseFakes();

const folder = new URL('.', import.meta.url);
const tests = readdirSync(folder)
  .filter((name) => name.startsWith('switch-'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('');

/** Returns a page of the docs without the spaces that align its tables. */
const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, folder), 'utf8').replaceAll(/ +/g, ' ');
const [switchDocs, faultDocs] = [page('switches.md'), page('faults.md')];

describe('the switches', () => {
  test.each(switchTable())('$name ($of) is tested in its positions', ({ name, of }) => {
    expect(tests).toContain(`testPositions('${of}', '${name}',`);
  });

  test('every contradiction has a switch, except those that the docs explain', () => {
    const numbers = Array.from({ length: 22 }, (_, index) => `C${index + 1}`);
    const switched = new Set(switchTable().map(({ of }) => of));
    expect(numbers.filter((number) => !switched.has(number))).toEqual(['C16', 'C17', 'C20', 'C22']);
  });

  test.each(switchTable())('$name is in the docs with its positions', ({ name, of, positions }) => {
    const choices = positions.map((position, index) =>
      index === 0 ? `**\`${position}\`**` : `\`${position}\``,
    );
    const takes = positions.length === 0 ? 'a number' : `${choices.join(' ')} |`;
    expect(switchDocs).toContain(`| ${of} | \`${name}\` | ${takes}`);
  });

  test.each(scenarioList())('the scenario $name is in the docs', ({ name, about }) => {
    expect(faultDocs).toContain(`| \`${name}\` | ${about} |`);
  });

  test('the first position is the default', async () => {
    const fake = await startFake();
    const choices = switchTable().filter(({ positions }) => positions.length > 0);
    const defaults = Object.fromEntries(choices.map(({ name, positions }) => [name, positions[0]]));
    expect(fake.switches()).toMatchObject(defaults);
  });

  test('they are read and changed while the fake runs, by the handle and by its control routes', async () => {
    const fake = await startFake({ switches: { badKey: 401 } });
    const changed = await call(fake, '/_fake/switches', { method: 'POST', body: { refusalBody: 'error' } });
    expect(changed.json).toMatchObject({ switches: { badKey: 401, refusalBody: 'error' } });
    expect((await post(fake, '')).json).toEqual({ error: 'No movie JSON received' });
    expect(fake.setSwitches({ badKey: 403 })).toEqual(fake.switches());
    const { json } = await call(fake, '/_fake/switches');
    expect(json).toMatchObject({ switches: fake.switches(), table: switchTable() });
  });

  test.each([
    [{ badKey: 402 }, 'The switch "badKey" has no position 402; it takes 400, 401, 403.'],
    [{ goodKey: 200 }, 'There is no switch "goodKey".'],
    [{ listLagSeconds: -1 }, 'The switch "listLagSeconds" has no position -1'],
    [[], '"" is not usable'],
  ])('%j is refused by name, and changes nothing', async (settings, message) => {
    const fake = await startFake();
    const before = fake.switches();
    const answer = await call(fake, '/_fake/switches', { method: 'POST', body: settings });
    expect(answer.code).toBe(400);
    expect(answer.text).toContain(JSON.stringify(message).slice(1, -1));
    expect(fake.switches()).toEqual(before);
  });

  test('an unusable one at the start is refused at once', async () => {
    const switches: object = { badKey: 200 };
    await expect(startFake({ switches })).rejects.toThrow('badKey');
  });
});
