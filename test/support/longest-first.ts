import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take minutes, those that mostly wait between those that mostly work: four at a time share two cores. Files
 * of one project follow each other where they can, since they then share processes.
 */
const LONG = [
  'test/fault/sample',
  'test/engine/submit-crashes',
  'test/engine/errors',
  'test/engine/keys-again',
  'test/engine/command-line',
  'test/engine/frozen-worker',
  'test/engine/commands',
  'test/engine/crashes',
  'test/engine/operator-commands',
  'test/engine/first-movie',
  'test/engine/races',
  'test/engine/provider-rate',
  'test/engine/audit',
  'test/engine/decision-races',
  'test/engine/batch',
  'test/engine/resets',
  'test/engine/decisions',
  'test/engine/',
  'test/fault/controls/controls',
  'test/receiver/hints',
  'test/examples/other-languages',
  'test/receiver/outages',
  'test/examples/guides',
  'test/receiver/long-render',
  'test/browser/',
  'test/examples/',
  'test/receiver/',
  'test/monitoring/',
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
