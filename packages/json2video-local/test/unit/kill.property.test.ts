import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

import { type Step, stepOf, take } from './kill-steps.js';
import { type CommandProcess, expectNoProcessLeft, serving } from './process.js';
import { type Receiver, releaseReceivers, startReceiver } from './receiver.js';
import { call, releaseFakes, START, startFake } from './support.js';

releaseFakes();
releaseReceivers();
expectNoProcessLeft();

const folder = mkdtempSync(join(tmpdir(), 'json2video-local-'));
let running: CommandProcess | undefined;
afterEach(async () => {
  await running?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const SEED = 7;
const CREDITS = 300;

async function started(dataFolder: string): Promise<{ url: string }> {
  const clock = ['--fixed-clock', '--start-at', START];
  const account = ['--seed', String(SEED), '--credits', String(CREDITS), '--data', dataFolder];
  running = await serving(['--port', '0', ...clock, ...account]);
  return z.object({ url: z.string() }).parse(running.said);
}

/** Sends the step and kills the server after `afterMs`. A step that was answered must have taken effect. */
async function struck(
  server: { url: string },
  dataFolder: string,
  { step, afterMs, receiver }: { step: Step; afterMs: number; receiver: Receiver },
): Promise<{ server: { url: string }; tookEffect: boolean }> {
  const before = await facts(server);
  const answered = take(server, step, receiver).then(
    () => true,
    () => false,
  );
  await sleep(afterMs);
  await running?.kill('SIGKILL');
  const isAcknowledged = await answered;
  const next = await started(dataFolder);
  return { server: next, tookEffect: isAcknowledged || !isDeepStrictEqual(before, await facts(next)) };
}

/** The ledger keeps a movie that is deleted as it was; the list says so. */
const DELETIONS = z.object({
  movies: z.array(z.object({ project: z.string(), deleted_at: z.string().optional() })),
});

/** Everything that a step may change, apart from callbacks. */
async function facts(server: { url: string }): Promise<unknown> {
  const paths = ['/_fake/movies', '/_fake/credits', '/_fake/clock', '/_fake/switches', '/v2/templates'];
  const answers = [];
  for (const path of paths) answers.push((await call(server, path)).json);
  answers.push(DELETIONS.parse((await call(server, '/v2/movies')).json));
  return JSON.parse(JSON.stringify(answers), (name, value: unknown) =>
    name === 'webhooks' || name === 'timestamp' ? undefined : value,
  );
}

const expectSame = (one: unknown, other: unknown): void => expect(one).toEqual(other);

const projectsOf = ({ received }: Receiver): Set<unknown> =>
  new Set(received.map(({ text }) => z.object({ project: z.string() }).parse(JSON.parse(text)).project));

test('any requests, with kills at any moments between and during them, are answered as without kills', async () => {
  let run = 0;
  const strike = fc.record({ afterMs: fc.integer({ min: 0, max: 8 }) });
  const seldom = fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: strike });
  const steps = fc.array(fc.record({ step: stepOf, strike: seldom }), { minLength: 15, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      run += 1;
      const dataFolder = join(folder, String(run));
      const [ours, theirs] = [await startReceiver(), await startReceiver()];
      const twin = await startFake({ fixedClock: true, seed: SEED, credits: CREDITS });
      let server = await started(dataFolder);
      for (const { step, strike: at } of history) {
        if (at === null) {
          expectSame(await take(server, step, ours), await take(twin, step, theirs));
          continue;
        }
        const struckBy = await struck(server, dataFolder, { step, afterMs: at.afterMs, receiver: ours });
        server = struckBy.server;
        if (struckBy.tookEffect) await take(twin, step, theirs);
      }
      expect(await facts(server)).toEqual(await facts(twin));
      await expect.poll(() => projectsOf(ours)).toEqual(projectsOf(theirs));
      await running?.kill('SIGKILL');
      running = undefined;
      await twin.close();
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 120_000);
