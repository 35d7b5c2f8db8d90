import { z } from 'zod';

import { OptionInvalid } from './invalid.js';
import { parsedJson } from './json.js';
import type { Switches } from './switches.js';
import { switchesSchema } from './switches.js';

/** A switch in words, for the control interface, the docs and their test. */
export interface SwitchView {
  readonly name: string;
  /** The contradiction that it belongs to, `C1` to `C21`, or `-`. */
  readonly of: string;
  readonly about: string;
  /** Its positions, the default first; empty if it takes any number. */
  readonly positions: readonly (string | number)[];
  /** The default. */
  readonly first: string | number;
}

const meta = z.object({ of: z.string(), about: z.string(), first: z.number().optional() });

/** Returns every switch in words. */
export function switchTable(): SwitchView[] {
  return Object.entries(switchesSchema.shape).map(([name, position]) => {
    const positions = position instanceof z.ZodLiteral ? [...position.values] : [];
    const { of, about, first = 0 } = meta.parse(position.meta());
    return { name, of, about, positions, first: positions[0] ?? first };
  });
}

const firstPositions = (): Switches =>
  switchesSchema.parse(Object.fromEntries(switchTable().map(({ name, first }) => [name, first])));

/** The positions in force, which may change while the server runs. */
export class SwitchBoard {
  #current = firstPositions();

  /** Called after every change: a movie that a switch held up may go on. */
  onChange: () => void = () => undefined;
  /** Called with the positions after every change. */
  onKeep: (positions: Switches) => void = () => undefined;

  get current(): Switches {
    return this.#current;
  }

  /** Changes some positions. @throws OptionInvalid, and changes nothing */
  change(settings: unknown): Switches {
    this.restore(settings);
    this.onKeep(this.#current);
    this.onChange();
    return this.#current;
  }

  /** Brings back the positions of an earlier run. @throws OptionInvalid */
  restore(settings: unknown): void {
    this.#current = changedSwitches(this.#current, settings);
  }
}

/** Parses one position as written on a command line, `NAME=VALUE`. @throws OptionInvalid */
export function switchSetting(text: string): Readonly<Record<string, unknown>> {
  const [name = '', ...rest] = text.split('=');
  const written = rest.join('=');
  const value = parsedJson(written);
  const setting = { [name]: typeof value === 'number' ? value : written };
  changedSwitches(firstPositions(), setting);
  return setting;
}

/** @throws OptionInvalid */
function changedSwitches(current: Switches, changes: unknown): Switches {
  const given = z.record(z.string(), z.unknown()).safeParse(changes);
  if (!given.success) throw new OptionInvalid('Switches are an object of names and positions.');
  const named = Object.entries(given.data).filter(([, value]) => value !== undefined);
  const parsed = switchesSchema.safeParse({ ...current, ...Object.fromEntries(named) });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0]);
  const known = switchTable().find((row) => row.name === name);
  if (known === undefined) throw new OptionInvalid(`There is no switch "${name}".`);
  const takes = known.positions.length === 0 ? (issue?.message ?? 'a number') : known.positions.join(', ');
  throw new OptionInvalid(
    `The switch "${name}" has no position ${JSON.stringify(given.data[name])}; it takes ${takes}.`,
  );
}
