import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { FakeJson2Video } from 'json2video-local';
import { audit, type AuditReport } from '../../src/audit/index.js';
import type { Outcome } from '../../src/render/outcome.js';
import { Renders } from '../../src/starter.js';
import { type CellStage, type Plant, SweepStage } from './sweep-stage.js';
import type { SweptCell, SweptRender } from './switch-sweep.js';

/** A cell, and the fault of its client. */
export type SweptClient = readonly [cell: SweptCell, plant?: Plant];

/** One render as its caller saw it. */
export interface Played {
  readonly render: SweptRender;
  readonly key: string;
  /** The outcome's status, the type of a failure, or `never ended`. */
  readonly end: string;
  readonly project?: string;
}

/** A played cell. */
export interface PlayedCell {
  readonly fake: FakeJson2Video;
  readonly played: readonly Played[];
  readonly report: AuditReport;
}

/** The shortest doubt that the options allow. */
const TERMS = { submitTimeoutSeconds: 10, settleSeconds: 30, errorGraceSeconds: 10 } as const;

/** Longer than any doubt and any render of a cell, on the engine's clock. */
const PATIENCE_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;

/** Cells that share an engine: with many more renders at once this engine does not skip time. */
const CELLS_AT_ONCE = 8;

/** An engine whose clock goes no faster than ours for so long skips no more time. */
const SKIPS_WITHIN_MS = 15_000;
const TRIES = 3;

/** This engine stops skipping time for good, if a render ends while the engine hands out one of its activities. */
class SkipsNoTime extends Error {}

/** Plays all cells, in batches; returns them by name. */
export async function sweep(clients: readonly SweptClient[]): Promise<Map<string, PlayedCell>> {
  const played = new Map<string, PlayedCell>();
  for (const batch of batchesOf(clients)) {
    const results = await playOnFreshEngine(batch);
    for (const [index, [{ name }]] of batch.entries()) {
      const result = results[index];
      if (result !== undefined) played.set(name, result);
    }
  }
  return played;
}

/** Plays a batch; on another engine, if the first skips no more time. */
async function playOnFreshEngine(batch: readonly SweptClient[], tries = TRIES): Promise<PlayedCell[]> {
  const stage = await SweepStage.open();
  try {
    return await playBatch(stage, batch);
  } catch (error) {
    if (!(error instanceof SkipsNoTime) || tries === 1) throw error;
  } finally {
    await stage.close();
  }
  return playOnFreshEngine(batch, tries - 1);
}

function batchesOf(clients: readonly SweptClient[]): SweptClient[][] {
  const isAlone = ([cell]: SweptClient): boolean => cell.isAlone === true;
  const together = clients.filter((client) => !isAlone(client));
  const count = Math.ceil(together.length / CELLS_AT_ONCE);
  const batches = Array.from({ length: count }, (_, index) =>
    together.slice(index * CELLS_AT_ONCE, (index + 1) * CELLS_AT_ONCE),
  );
  return [...batches, ...clients.filter(isAlone).map((client) => [client])];
}

/** Plays all renders of all cells at once, those that repeat a movie after them, and then an audit of each cell. */
async function playBatch(stage: SweepStage, clients: readonly SweptClient[]): Promise<PlayedCell[]> {
  const cells = await Promise.all(clients.map(([cell, plant]) => stage.openCell(cell, plant)));
  const first = await playAll(stage, cells, false);
  const repeats = await playAll(stage, cells, true);
  return Promise.all(
    cells.map(async (cell, index) => {
      const played = [...(first[index] ?? []), ...(repeats[index] ?? [])];
      return { fake: cell.fake, played, report: await auditOf(stage, cell) };
    }),
  );
}

async function playAll(
  stage: SweepStage,
  cells: readonly CellStage[],
  isRepeat: boolean,
): Promise<Played[][]> {
  const ended = new Map<SweptRender, Map<CellStage, Played>>();
  const open = new Set<Promise<void>>();
  const rendersOf = ({ cell }: CellStage): SweptRender[] =>
    cell.renders.filter((render) => (render.isRepeat ?? false) === isRepeat);
  for (const cell of cells) {
    for (const render of rendersOf(cell)) {
      const playing = play(stage, cell, render).then((played) => {
        open.delete(playing);
        ended.set(render, (ended.get(render) ?? new Map<CellStage, Played>()).set(cell, played));
      });
      open.add(playing);
    }
  }
  await passTime(stage, cells, () => open.size === 0);
  return cells.map((cell) =>
    rendersOf(cell).map(
      (render) =>
        ended.get(render)?.get(cell) ?? { render, key: cell.keyOf(render.name), end: 'never ended' },
    ),
  );
}

/** Moves the engine's clock, and the providers' clocks with it, until all renders have ended. @throws SkipsNoTime */
async function passTime(
  stage: SweepStage,
  cells: readonly CellStage[],
  isOver: () => boolean,
): Promise<void> {
  const startMs = await stage.env.currentTimeMs();
  let skippedAtMs = performance.now();
  for (let elapsedMs = 0; elapsedMs < PATIENCE_MS && !isOver();) {
    const beforeMs = performance.now();
    const skipping = stage.sleep(stepMs(elapsedMs));
    // An engine that skips no time is stopped while it sleeps.
    skipping.catch(() => undefined);
    await Promise.race([skipping, pause(SKIPS_WITHIN_MS, undefined, { ref: false })]);
    if (performance.now() - beforeMs < stepMs(elapsedMs)) skippedAtMs = performance.now();
    if (performance.now() - skippedAtMs >= SKIPS_WITHIN_MS) throw new SkipsNoTime();
    const nowMs = await stage.env.currentTimeMs();
    elapsedMs = nowMs - startMs;
    for (const { cell, fake } of cells) {
      fake.advance(Math.max(0, nowMs - fake.now()) / 1000);
      const isBroke = cell.buysCredits !== undefined && fake.credits().balance === 0;
      if (isBroke && elapsedMs > 10_000) fake.addCredits(cell.buysCredits ?? 0);
    }
    // Callbacks are on their way.
    await pause(25);
  }
}

/** Returns small steps while doubts are settled and renders end, large ones for those that take long. */
function stepMs(elapsedMs: number): number {
  if (elapsedMs < 100_000) return 2_000;
  return elapsedMs < 1_200_000 ? 20_000 : 120_000;
}

async function play(stage: SweepStage, { fake, keyOf }: CellStage, render: SweptRender): Promise<Played> {
  const key = keyOf(render.name);
  if (render.fault !== undefined) {
    fake.fault({ match: { call: 'create', key }, effect: render.fault, times: 1 });
  }
  const movie = render.movie(render.isRepeat === true ? keyOf('card') : key, stage.callbackUrl(key));
  const options = { ...TERMS, ...render.options };
  const fingerprint = 'f'.repeat(64);
  const handle = await stage.client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
    workflowId: key,
    taskQueue: 'renderonce',
    args: [{ movie, fingerprint, caller: randomUUID(), options }],
    memo: { fingerprint },
    workflowExecutionTimeout: '30 days',
  });
  try {
    const { status, project } = await stage.waiting(() => handle.result());
    return { render, key, end: status, project };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    return { render, key, end: cause instanceof ApplicationFailure ? String(cause.type) : String(cause) };
  }
}

/** Audits the provider's whole list, with a movie in it that is not ours. */
async function auditOf({ client }: SweepStage, { fake, json2video }: CellStage): Promise<AuditReport> {
  fake.setSwitches({ rateLimit: 'off', listLagSeconds: 0 });
  fake.clearFaults();
  fake.addCredits(1_000);
  const body = JSON.stringify({ scenes: [{ duration: 1, elements: [{ type: 'text', text: 'foreign' }] }] });
  await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers: { 'x-api-key': fake.apiKey }, body });
  const renders = new Renders({ client });
  const nowMs = fake.now();
  return audit({
    json2video,
    // This engine has no index; an audit then asks about each key.
    renders: { list: async function* () {}, status: (key) => renders.status(key) },
    namespace: 'default',
    retentionDays: 30,
    since: new Date(nowMs - DAY_MS),
    until: new Date(nowMs + DAY_MS),
    now: () => nowMs,
  });
}
