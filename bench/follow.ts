/** `npm run bench:follow`: renders with everything that may follow them and renders without, in turns. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { setBudget } from '../src/starter/budgets.js';
import { type Bed, openBed } from './bed.js';
import { openEngine } from './engine.js';
import { closedLoop } from './measure/closed-loop.js';
import { inRounds } from './measure/rounds.js';
import { median, medianRatio, rounded, summary } from './measure/statistics.js';
import { CARD } from './movies.js';
import type { Load } from './plan.js';

const ROUNDS = 3;
/** The video is there so long after its submission: `result` waits for it. */
const RENDER_SECONDS = 1;
const ALONE: Load = { count: 8, atOnce: 1 };
const CROWD: Load = { count: 60, atOnce: 30 };
const DEADLINE_MS = 120_000;

const BUDGET = 'bench';
const ON = { keep: true, notify: ['default'], budget: BUDGET };
const OFF = { keep: false, notify: [] };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Counts events, each once. */
async function startReceiver() {
  const ids = new Set<unknown>();
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      ids.add(request.headers['webhook-id']);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    ids,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

async function measure(bed: Bed, { ids }: Receiver): Promise<object> {
  const { client } = bed.engine;
  const setting = { limit: 1_000_000_000, per: 'month', by: 'the bench', why: 'to measure' } as const;
  await setBudget(client, bed.env['RENDERONCE_TASK_QUEUE'] ?? '', BUDGET, setting);
  const run = randomUUID().slice(0, 6);
  let followed = 0;
  const turn = (name: string, load: Load, options: object) => async (round: number) => {
    const submitMs: number[] = [];
    const resultMs: number[] = [];
    const { perSecond } = await closedLoop(load, async (index) => {
      const key = `${run}-${name}-${round}-${index}`;
      const startedMs = performance.now();
      await bed.renders.submitOnce(key, CARD, { deadlineMs: DEADLINE_MS, ...options });
      const submittedMs = performance.now();
      await bed.renders.result(key);
      submitMs.push(submittedMs - startedMs);
      resultMs.push(performance.now() - submittedMs);
    });
    if (options === ON) followed += load.count;
    // The event waits for the copy: what follows one turn is done before the next begins.
    while (ids.size < followed) await pause(50);
    return { perSecond, submitMs, resultMs };
  };
  await turn('warm-off', CROWD, OFF)(-1);
  await turn('warm-on', CROWD, ON)(-1);
  const results = await inRounds(
    ROUNDS,
    {
      aloneOff: turn('alone-off', ALONE, OFF),
      aloneOn: turn('alone-on', ALONE, ON),
      crowdOff: turn('crowd-off', CROWD, OFF),
      crowdOn: turn('crowd-on', CROWD, ON),
    },
    (name, round, { perSecond }) => say(`round ${round + 1}, ${name}: ${rounded(perSecond)} a second`),
  );
  const rounds = (name: string) => results[name] ?? [];
  const compared = (callers: 'alone' | 'crowd', what: 'submitMs' | 'resultMs') => {
    const medians = (name: string) => rounds(name).map((round) => rounded(median(round[what])));
    const all = (name: string) => summary(rounds(name).flatMap((round) => round[what]));
    const ratio = medianRatio(medians(`${callers}On`), medians(`${callers}Off`));
    return { without: all(`${callers}Off`), with: all(`${callers}On`), ratio };
  };
  const rates = (name: string) => rounds(name).map(({ perSecond }) => rounded(perSecond));
  return {
    renderSeconds: RENDER_SECONDS,
    alone: { submitMs: compared('alone', 'submitMs'), resultMs: compared('alone', 'resultMs') },
    crowd: { submitMs: compared('crowd', 'submitMs'), resultMs: compared('crowd', 'resultMs') },
    rendersPerSecond: {
      without: rates('crowdOff'),
      with: rates('crowdOn'),
      ratio: medianRatio(rates('crowdOn'), rates('crowdOff')),
    },
    events: ids.size,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'renderonce-bench-'));
const receiver = await startReceiver();
const engine = await openEngine('memory');
const bed = await openBed(engine, RENDER_SECONDS, undefined, {
  RENDERONCE_KEEP: pathToFileURL(folder).href,
  RENDERONCE_EVENTS_URL: receiver.url,
  RENDERONCE_EVENTS_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  RENDERONCE_EVENTS_PRIVATE: 'allow',
});
try {
  process.stdout.write(`${JSON.stringify(await measure(bed, receiver), null, 2)}\n`);
} finally {
  await bed.close();
  await engine.close();
  receiver.close();
  await rm(folder, { recursive: true, force: true });
}
