/**
 * Runs the given scripts of tests one after the other, and ends with the names of what failed and "N passed, N failed".
 *
 * A file that failed is run once more, with nothing beside it: two cores that start engines can be too slow for a limit. It
 * counts as it ended then, and its first failure is named, so that it can be mended. Files of `test/fault` other than
 * its controls are not run again: a promise that broke once is broken.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const FINAL = /^test\/fault\/(?!controls\/)/;

/** Runs a script, of all its files or of the given ones, and returns its report by files. */
function run(script, options = []) {
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npm', ['run', script, '--', ...reporters, ...options], { stdio: 'inherit' });
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return { status, files: testResults.map((result) => fileOf(result)) };
  } catch (error) {
    return { status, files: [], failure: `${script} left no report (${error.message})` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fileOf({ name, status, message, assertionResults }) {
  const of = (wanted) => assertionResults.filter((test) => test.status === wanted);
  const failures = of('failed').map((test) => `${test.fullName}: ${firstLine(test.failureMessages[0])}`);
  // A file that could not be loaded, or failed outside its tests, has no failed test.
  if (status === 'failed' && failures.length === 0) failures.push(firstLine(message));
  return { path: relative(process.cwd(), name), passed: of('passed').length, failures };
}

function firstLine(text) {
  return String(text ?? '').split('\n', 1)[0];
}

/** Returns the lines that name failures. */
function lines(files) {
  return files.flatMap(({ path, failures }) => failures.map((failure) => `${path}: ${failure}`));
}

let passed = 0;
const failed = [];
const first = [];
for (const script of process.argv.slice(2)) {
  const whole = run(script);
  const again = whole.files.filter(({ path, failures }) => failures.length > 0 && !FINAL.test(path));
  const repeated =
    again.length > 0 ? run(script, ['--no-file-parallelism', ...again.map(({ path }) => path)]) : undefined;
  const ended = [...whole.files.filter((file) => !again.includes(file)), ...(repeated?.files ?? [])];

  passed += ended.reduce((sum, file) => sum + file.passed, 0);
  failed.push(...lines(ended));
  first.push(...lines(again));
  const last = repeated ?? whole;
  if (last.failure !== undefined) failed.push(last.failure);
  else if (last.status !== 0 && lines(last.files).length === 0)
    failed.push(`${script} ended with ${last.status}, and no test failed`);
}

const told = [
  ...first.map((line) => `failed at first, and was run again: ${line}`),
  ...failed.map((line) => `failed: ${line}`),
  `${passed} passed, ${failed.length} failed`,
];
process.stdout.write(`${told.join('\n')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
