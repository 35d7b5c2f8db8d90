import { z } from 'zod';

import { parsedJson } from './json.js';
import { quirkTable } from './quirk-table.js';
import type { Quirks } from './quirks.js';
import { DEFAULT_QUIRKS, quirksSchema } from './quirks.js';

/** A quirk that does not exist, or not in this position. The message names the quirk and its positions. */
export class QuirkInvalid extends Error {
  override readonly name = 'QuirkInvalid';
}

/** The quirks in force, which may change while the fake runs. */
export class QuirkSwitches {
  #current: Quirks = DEFAULT_QUIRKS;

  /** Called after every change: what a quirk held up may go on. */
  onChange: () => void = () => undefined;

  get current(): Quirks {
    return this.#current;
  }

  /** @throws QuirkInvalid, and changes nothing */
  change(settings: unknown): Quirks {
    this.#current = changedQuirks(this.#current, settings);
    this.onChange();
    return this.#current;
  }
}

/** One quirk as written on a command line, `NAME=VALUE`. @throws QuirkInvalid */
export function quirkSetting(text: string): Readonly<Record<string, unknown>> {
  const [name = '', ...rest] = text.split('=');
  const written = rest.join('=');
  const value = parsedJson(written);
  const setting = { [name]: typeof value === 'number' ? value : written };
  changedQuirks(DEFAULT_QUIRKS, setting);
  return setting;
}

/** @throws QuirkInvalid */
function changedQuirks(current: Quirks, changes: unknown): Quirks {
  const given = z.record(z.string(), z.unknown()).safeParse(changes);
  if (!given.success) throw new QuirkInvalid('Quirks are an object of names and positions.');
  const named = Object.entries(given.data).filter(([, value]) => value !== undefined);
  const parsed = quirksSchema.safeParse({ ...current, ...Object.fromEntries(named) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0]);
  const known = quirkTable().find((quirk) => quirk.name === name);
  if (known === undefined) throw new QuirkInvalid(`There is no quirk "${name}".`);
  const takes = known.positions.length === 0 ? (issue?.message ?? 'a number') : known.positions.join(', ');
  throw new QuirkInvalid(
    `The quirk "${name}" has no position ${JSON.stringify(given.data[name])}; it takes ${takes}.`,
  );
}
