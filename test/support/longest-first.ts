import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, those that mostly wait between those that mostly work: four at a time share two cores. */
const LONG = [
  'test/fault/sample',
  'test/engine/submit-crashes',
  'test/engine/frozen-worker',
  'test/receiver/long-render',
  'test/receiver/outages',
  'test/fault/controls/controls',
  'test/engine/errors',
  'test/engine/races',
  'test/engine/command',
  'test/engine/operator-commands',
  'test/browser/',
  'test/examples/',
  'test/monitoring/',
  'test/engine/',
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
