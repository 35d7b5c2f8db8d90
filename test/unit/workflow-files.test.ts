import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const workflow = z.looseObject({
  permissions,
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: permissions.optional(),
      'timeout-minutes': z.number(),
      strategy: z.looseObject({ matrix: z.record(z.string(), z.array(z.string())) }).optional(),
      steps: z.array(
        z.looseObject({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

/** What is wrong with a workflow file, in words. */
function faultsOf(source: string): string[] {
  const parsed = workflow.safeParse(parse(source));
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const faults = Object.entries(parsed.data.permissions)
    .filter(([, right]) => right === 'write')
    .map(([scope]) => `every job may write ${scope}`);
  for (const step of Object.values(parsed.data.jobs).flatMap(({ steps }) => steps)) {
    const { uses = '', run = '' } = step;
    if (uses !== '' && !/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))
      faults.push(`${uses} is not pinned by hash`);
    if (uses.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
      faults.push('the checkout leaves its token behind');
    if (/\$\{\{\s*(github\.(event|head_ref)|secrets)/.test(run)) faults.push(`${run} runs what others wrote`);
  }
  if (/pull_request_target/.test(source)) faults.push('runs with our rights what others propose');
  return faults;
}

describe('the workflows', () => {
  const folder = new URL('../../.github/workflows/', import.meta.url);
  const files = readdirSync(folder).map(
    (name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
  );
  const sourceOf = (name: string): string => new Map(files).get(`${name}.yml`) ?? '';

  test.each(files)(
    '%s pins every action by hash, with its version beside, and has least permissions',
    (_name, source) => {
      expect(faultsOf(source)).toEqual([]);
      for (const line of source.match(/^.*\buses:.*$/gm) ?? [])
        expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      expect(source).toMatch(/^# Not run where this was written/);
    },
  );

  test('verify everything on Node 20, 22 and 24, audit what is installed, and run proof and fuzz at night with fresh seeds, keeping what failed', () => {
    const { verify } = workflow.parse(parse(sourceOf('verify'))).jobs;
    expect(verify?.strategy?.matrix).toEqual({ node: ['20', '22', '24'] });
    for (const command of ['bash .ci/run', 'npm audit --', 'npm audit signatures']) {
      expect(sourceOf('verify')).toContain(command);
    }
    expect(workflow.parse(parse(sourceOf('nightly'))).jobs['nightly']?.strategy?.matrix).toEqual({
      what: ['proof', 'fuzz'],
    });
    // A failed cell must be kept above all when the run has failed, and an hour is another one every night.
    expect(sourceOf('nightly')).toMatch(/if: always\(\)[^\n]*\n +uses: actions\/cache\/save@/);
    expect(sourceOf('nightly')).toMatch(/proof\/failed-cells\.jsonl/);
    expect(sourceOf('nightly')).not.toMatch(/--seed/);
    expect(sourceOf('release')).toContain('npm publish --provenance');
  });

  test('only the jobs that publish may do more than read, and only sign, and write the page', () => {
    const jobs = files.flatMap(([, source]) => Object.entries(workflow.parse(parse(source)).jobs));
    const rights = jobs.flatMap(([name, job]) =>
      job.permissions === undefined ? [] : [[name, job.permissions]],
    );
    expect(rights).toEqual([
      ['page', { pages: 'write', 'id-token': 'write' }],
      ['publish', { contents: 'read', 'id-token': 'write' }],
    ]);
  });

  test.each([
    ['a tag in place of the hash', /@[0-9a-f]{40}/, '@v7', /not pinned by hash/],
    ['a branch', /actions\/setup-node@[0-9a-f]{40}/, 'actions/setup-node@main', /not pinned by hash/],
    ['a short hash', /@([0-9a-f]{39})[0-9a-f]/, '@$1', /not pinned by hash/],
    ['missing permissions', /^permissions:\n {2}contents: read\n/m, '', /permissions/],
    ['rights to write for every job', /contents: read/, 'contents: write', /every job may write contents/],
    ['a checkout that keeps its token', /persist-credentials: false/, 'fetch-depth: 1', /leaves its token/],
    [
      "a pull request's title in a shell",
      /bash \.ci\/run/,
      'echo ${{ github.event.pull_request.title }}',
      /others wrote/,
    ],
    [
      'the rights of this repository for pull requests',
      / pull_request:/,
      ' pull_request_target:',
      /others propose/,
    ],
    ['a job without an end', /timeout-minutes: \d+/, 'name: x', /timeout-minutes/],
  ])('the control: %s is found', (_what, good, bad, fault) => {
    const planted = sourceOf('verify').replace(good, bad);
    expect(planted).not.toBe(sourceOf('verify'));
    expect(faultsOf(planted).join()).toMatch(fault);
  });
});
