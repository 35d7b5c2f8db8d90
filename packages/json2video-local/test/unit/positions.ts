import { expect, test } from 'vitest';

import type { FakeJson2Video, FakeOptions, Switches } from '../../src/index.js';
import { switchSetting } from '../../src/switch-board.js';
import type { Answer } from './support.js';
import { startFake } from './support.js';

/** Starts a fake with the switch in the position at hand. */
export type StartInPosition = (options?: FakeOptions) => Promise<FakeJson2Video>;

/** What was seen, and what was to be seen. */
type Comparison = readonly [seen: unknown, wanted: unknown];

/** What the position means, and how it shows. */
export type PositionCase = readonly [says: string, compare: (start: StartInPosition) => Promise<Comparison>];

/** One test for each position of a switch: a position that is left out is a compile error. */
export function testPositions<N extends keyof Switches>(
  of: string,
  name: N,
  cases: Readonly<Record<`${Switches[N]}`, PositionCase>>,
): void {
  for (const [position, [says, compare]] of Object.entries<PositionCase>(cases)) {
    test(`${of} ${name}=${position}: ${says}`, async () => {
      const setting = switchSetting(`${name}=${position}`);
      const [seen, wanted] = await compare((options = {}) =>
        startFake({ ...options, switches: { ...options.switches, ...setting } }),
      );
      expect(seen).toEqual(wanted);
    });
  }
}

/** The parts of a reply that a position is about. */
export const replied = ({ code, json }: Answer): [number, unknown] => [code, json];
