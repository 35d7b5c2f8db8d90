import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first: one that began last would run on alone. */
const LONG = [
  'test/fault/sample',
  'test/fault/controls/controls',
  'test/engine/submit-crashes',
  'test/receiver/hints',
  'test/engine/errors',
  'test/engine/races',
  'test/engine/commands',
  'test/engine/operator-commands',
  'test/engine/frozen-worker',
  'test/receiver/long-render',
  'test/browser/temporal-ui',
  'test/examples/',
  'test/monitoring/',
  'test/engine/',
  'test/receiver/',
  'test/security/',
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
