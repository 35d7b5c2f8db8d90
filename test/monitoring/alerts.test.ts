import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = fileURLToPath(new URL('../../docs/deploy/prometheus', import.meta.url));
const run = promisify(execFile);

/** Of Debian's package prometheus. */
const isInstalled = ((): boolean => {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(process.env['CI'])('promtool is there, so that alerts are checked', () => {
  expect(isInstalled).toBe(true);
});

describe.skipIf(!isInstalled)('by promtool', () => {
  test('rules and scrape configuration are sound', async () => {
    await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd: FOLDER });
    const { stdout } = await run('promtool', ['check', 'rules', 'alerts.yml'], { cwd: FOLDER });
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  test('each alert fires when one thing is wrong, not before, and none at rest', async () => {
    const { stdout } = await run('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: FOLDER });
    expect(stdout).toContain('SUCCESS');
  });

  test('an alert that never fires is found', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'renderonce-alerts-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(FOLDER, folder, { recursive: true });
    const rules = await readFile(join(folder, 'alerts.yml'), 'utf8');
    await writeFile(join(folder, 'alerts.yml'), rules.replace('{state="held"}) > 0', '{state="held"}) > 9'));
    await expect(run('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: folder })).rejects.toThrow(
      /RenderHeld|FAILED/,
    );
  });
});

test('every alert has a test in which it fires, and its place in the runbook', async () => {
  const rules = z
    .object({ groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string() })) })) })
    .parse(parse(await readFile(join(FOLDER, 'alerts.yml'), 'utf8')));
  const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  const tests = await readFile(join(FOLDER, 'alerts.test.yml'), 'utf8');
  const fired = [...tests.matchAll(/alertname="(\w+)"/g)].map(([, name = '']) => name);

  expect(alerts.length).toBeGreaterThan(10);
  expect([...new Set(fired)].toSorted()).toEqual(alerts.toSorted());

  const runbook = await readFile(join(FOLDER, '../../runbook.md'), 'utf8');
  expect(alerts.filter((alert) => !runbook.includes(`\`${alert}\``))).toEqual([]);
});
