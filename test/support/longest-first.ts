import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take minutes, those that mostly wait between those that mostly work: six at a time share two cores. Files
 * of one project follow each other where that fits, since they then share processes.
 */
const LONG = [
  'test/fault/sample',
  'test/fault/random/random',
  'test/examples/other-languages',
  'test/engine/submit-crashes',
  'test/browser/temporal-ui',
  'test/engine/events',
  'test/engine/errors',
  'test/engine/keys-again',
  'test/engine/render-call',
  'test/engine/command-line',
  'test/engine/frozen-worker',
  'test/fault/controls/budget-controls',
  'test/engine/commands',
  'test/engine/dev',
  'test/receiver/hints',
  'test/fault/controls/controls',
  'test/engine/crashes',
  'test/examples/guides',
  'test/receiver/outages',
  'test/fault/keep-kills',
  'test/engine-binary/guard',
  'test/security/canary',
  'test/security/parsers',
  'test/engine/budget-crowd',
  'test/receiver/long-render',
  'test/engine/audit',
  'test/examples/quick-start',
  'test/engine/decisions',
  'test/console/decide',
  'test/examples/runbook',
  'test/engine/first-movie',
  'test/examples/packed',
  'test/engine/operator-commands',
  'test/engine/resets',
  'test/engine/provider-rate',
  'test/engine/races',
  'test/engine/decision-races',
  'test/engine/batch',
  'test/receiver/doctor-and-trigger',
  'test/examples/reference',
  'test/engine/',
  'test/receiver/',
  'test/examples/',
  'test/security/',
  'test/engine-binary/',
  'test/monitoring/',
  'test/console/',
  'test/callers/',
  'test/http/',
  'test/keep/',
  'test/fault/',
  'test/replay/changed-workflow',
  'test/workflow/budget',
  'test/workflow/',
  'test/replay/',
  'test/browser/',
  'json2video-local/test/unit/kill.property',
  'json2video-local/test/unit/command',
  'json2video-local/test/unit/third-party-client',
  'json2video-local/',
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
