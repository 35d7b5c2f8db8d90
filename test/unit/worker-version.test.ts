import { expect, test } from 'vitest';
import { versionReport } from '../../src/cli/commands/worker/version-lines.js';
import type { KnownVersion } from '../../src/temporal/deployments.js';
import { workerVersion } from '../../src/worker/version.js';

test.each([
  [{ name: '__x', buildId: 'v1' }, 'deployment.name'],
  [{ name: 'renders', buildId: '' }, 'deployment.buildId'],
])('a program that gives an unfit version is refused: %j', (deployment, names) => {
  expect(() => workerVersion(deployment)).toThrow(
    expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining(names) }),
  );
});

const VERSION = { deploymentName: 'renders', buildId: 'v2' };
const TARGET = { namespace: 'videos', address: 'localhost:7233' };
const COMMAND =
  'temporal worker deployment set-current-version --yes --deployment-name renders --build-id v2 --namespace videos';
const v1: KnownVersion = { deploymentName: 'renders', buildId: 'v1', state: 'current' };
const v2: KnownVersion = { ...VERSION, state: 'inactive' };

test.each<[string, KnownVersion[] | undefined, object, RegExp, boolean]>([
  ['nobody knows', undefined, { buildId: 'v2' }, /^version: build ID v2 of deployment renders$/, false],
  ['none is current', [], { versionState: 'inactive' }, /calls wait, until/, true],
  ['it is new', [v2, v1], { versionState: 'inactive' }, /gets no task while v1 is current/, true],
  [
    'it ramps',
    [{ ...v2, state: 'ramping' }, v1],
    { versionState: 'ramping' },
    /the tasks of its ramp while v1/,
    true,
  ],
  ['it is current', [{ ...v2, state: 'current' }], { versionState: 'current' }, /get the tasks/, false],
])(
  'a worker says if its version gets tasks, and prints the command that gives it all: %s',
  (_, known, facts, line, hasCommand) => {
    const report = versionReport(VERSION, known, TARGET);
    expect(report.facts).toMatchObject({ deployment: 'renders', ...facts });
    expect(report.facts['setCurrent']).toBe(hasCommand ? COMMAND : undefined);
    expect(report.lines[0]).toMatch(line);
    expect(report.lines[0]?.endsWith(COMMAND)).toBe(hasCommand);
  },
);
