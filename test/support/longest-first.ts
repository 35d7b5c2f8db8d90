import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, those that mostly wait between those that mostly work: four at a time share two cores. */
const LONG = [
  'test/fault/sample',
  'test/engine/submit-crashes',
  'test/fault/controls/controls',
  'test/receiver/hints',
  'test/engine/errors',
  'test/receiver/outages',
  'test/engine/command-line',
  'test/engine/keys-again',
  'test/examples/other-languages',
  'test/engine/commands',
  'test/receiver/long-render',
  'test/browser/',
  'test/engine/frozen-worker',
  'test/examples/guides',
  'test/engine/first-movie',
  'test/engine/operator-commands',
  'test/engine/provider-rate',
  'test/examples/packed',
  'test/engine/crashes',
  'test/engine/races',
  'test/engine/decision-races',
  'test/examples/',
  'test/engine/resets',
  'test/engine/',
  'test/monitoring/',
  'test/receiver/',
  'test/security/',
  'test/workflow/',
  'test/engine-binary/',
];

/** Orders test files by how long they take, as far as it matters; names that are not listed come last. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((name) => moduleId.includes(name));
      return index === -1 ? LONG.length : index;
    };
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)));
  }
}
