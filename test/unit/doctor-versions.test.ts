import { expect, test } from 'vitest';
import { versionChecks, type VersionFacts } from '../../src/cli/commands/doctor/version-checks.js';

const v = (buildId: string, deploymentName = 'renders') => ({ deploymentName, buildId });

const UNVERSIONED: VersionFacts = {
  taskQueue: 'renderonce',
  serving: { versions: [], hasUnversioned: true },
  configured: undefined,
  old: [],
  target: { namespace: 'videos', address: 'temporal.example.com:7233' },
};

const facts = (
  serving: Partial<VersionFacts['serving']>,
  more: Partial<VersionFacts> = {},
): VersionFacts => ({
  ...UNVERSIONED,
  serving: { versions: [v('1')], hasUnversioned: false, ...serving },
  ...more,
});

const old = (state: 'draining' | 'drained', all: number, pinned: number): VersionFacts['old'] => [
  { ...v('0'), state, runs: { all, pinned } },
];

/** The fix of checks without a fault. */
const NO_FIX = /^$/;

type Case = [what: string, given: VersionFacts, levels: Record<string, string>, fix: RegExp];

const CASES: Case[] = [
  ['no worker has a version', UNVERSIONED, {}, NO_FIX],
  [
    'the deployment has no current version',
    facts({}),
    { deployment: 'wrong' },
    /run `temporal worker deployment set-current-version --yes --deployment-name renders --build-id 1 --address temporal\.example\.com:7233 --namespace videos`$/,
  ],
  [
    'unversioned workers still do the work',
    facts({ hasUnversioned: true }),
    { deployment: 'warning' },
    /set-current-version .*, then stop the unversioned workers$/,
  ],
  ['all is well', facts({ current: v('1') }), { deployment: 'ok' }, NO_FIX],
  [
    'unversioned workers idle beside the current version',
    facts({ current: v('1'), hasUnversioned: true }),
    { deployment: 'ok', 'other workers': 'warning' },
    /^stop them, or give them TEMPORAL_DEPLOYMENT_NAME=renders$/,
  ],
  [
    'the workers of the current version are gone',
    facts({ current: v('0') }),
    { deployment: 'wrong' },
    /^start workers of this version, or run `temporal .* --build-id 1 /,
  ],
  [
    'no worker polls at all',
    facts({ current: v('0'), versions: [] }),
    { deployment: 'wrong' },
    /^start workers of this version$/,
  ],
  [
    'a ramp',
    facts({ current: v('1'), versions: [v('1'), v('2')], ramping: { version: v('2'), percentage: 10 } }),
    { deployment: 'ok', ramp: 'ok' },
    NO_FIX,
  ],
  [
    'a ramp to workers that are gone',
    facts({ current: v('1'), ramping: { version: v('2'), percentage: 10 } }),
    { deployment: 'ok', ramp: 'wrong' },
    /^start workers of this version, or run `temporal .* --build-id 1 /,
  ],
  [
    'workers of another deployment',
    facts({ current: v('1'), versions: [v('1'), v('1', 'old')] }),
    { deployment: 'ok', 'other workers': 'warning' },
    /TEMPORAL_DEPLOYMENT_NAME=renders/,
  ],
  [
    'the variables name a deployment whose workers do not run',
    { ...UNVERSIONED, configured: 'renders' },
    { deployment: 'warning' },
    /start workers with this TEMPORAL_DEPLOYMENT_NAME/,
  ],
  [
    'an old version has open runs',
    facts({ current: v('1') }, { old: old('drained', 3, 0) }),
    { deployment: 'ok', 'old version': 'ok' },
    NO_FIX,
  ],
  [
    'runs are pinned to an old version that still has workers',
    facts({ current: v('1'), versions: [v('1'), v('0')] }, { old: old('draining', 3, 2) }),
    { deployment: 'ok', 'old version': 'warning' },
    /^keep its workers until it is drained/,
  ],
  [
    'runs are pinned to an old version whose workers are gone',
    facts({ current: v('1') }, { old: old('draining', 3, 2) }),
    { deployment: 'ok', 'old version': 'wrong' },
    /^start its workers again/,
  ],
];

test.each(CASES)(
  'versions of workers are judged, and each fault has its fix: %s',
  (_, given, levels, fix) => {
    const checks = versionChecks(given);
    expect(Object.fromEntries(checks.map(({ name, level }) => [name, level]))).toEqual(levels);
    for (const check of checks) expect(check.fix !== undefined).toBe(check.level !== 'ok');
    const [fault] = checks.filter(({ level }) => level !== 'ok');
    expect(fault?.fix ?? '').toMatch(fix);
  },
);
