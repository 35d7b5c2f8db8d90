import { setTimeout as pause } from 'node:timers/promises';
import type { FakeJson2Video } from 'json2video-local';
import { IdempotencyKeyReused } from '../render/errors.js';
import type { Renders } from '../starter.js';
import type { JsonObject } from '../text/json.js';
import { callInProcess, callOnce } from './callers.js';
import { playNaively } from './naive.js';
import { movieOf, type Scene, SCENES } from './scenes.js';

/** Result of the demo; the ledger of the local provider counted each figure in this run. */
interface Demo {
  /** True if every promise held. */
  readonly ok: boolean;
  readonly temporalUi: string;
  readonly keys: readonly DemoKey[];
  readonly totals: {
    readonly callers: number;
    readonly postsAccepted: number;
    readonly duplicatePosts: number;
    readonly creditsSpent: number;
    readonly postsNaive: number;
    readonly creditsNaive: number;
  };
  /** True if the same key with another movie was refused, and nothing was sent for it. */
  readonly otherMovieRefused: boolean;
}

interface DemoKey {
  readonly key: string;
  readonly what: string;
  readonly state: string;
  readonly project: string;
  readonly callers: number;
  readonly postsAccepted: number;
  readonly gets: number;
  readonly webhooks: number;
  /** Time from the first call to the last outcome. */
  readonly seconds: number;
}

/** Running parts that the demo plays with. */
interface DemoParts {
  readonly renders: Renders;
  readonly fake: FakeJson2Video;
  readonly engine: { readonly address: string; readonly namespace: string; readonly uiUrl: string };
  /** Kills the worker with SIGKILL and starts another. */
  readonly replaceWorker: () => Promise<void>;
  readonly note: (line: string) => void;
}

/** Plays all scenes at once, then the same events with naive callers, and counts the provider's requests. */
export async function runDemo(parts: DemoParts): Promise<Demo> {
  const playing = Promise.all(SCENES.map((scene) => play(scene, parts)));
  const killing = killWorkerOnceAllAreAccepted(parts, playing);
  const keys = await playing;
  await killing;
  const otherMovieRefused = await isOtherMovieRefused(parts);
  const spentBefore = parts.fake.credits().spent;
  parts.note('the same events with naive callers …');
  for (const scene of SCENES) await playNaively(parts.fake, scene, await movieOf(scene));
  return report(parts, keys, otherMovieRefused, spentBefore);
}

function report(
  { fake, engine }: DemoParts,
  keys: readonly DemoKey[],
  otherMovieRefused: boolean,
  creditsSpent: number,
): Demo {
  const sum = (count: (key: DemoKey) => number): number => keys.reduce((total, key) => total + count(key), 0);
  const isKept = (key: DemoKey, index: number): boolean =>
    key.postsAccepted === 1 && key.state === SCENES[index]?.ends && /^\w+$/.test(key.project);
  return {
    ok: keys.every(isKept) && otherMovieRefused,
    temporalUi: engine.uiUrl,
    keys,
    totals: {
      callers: sum((key) => key.callers),
      postsAccepted: sum((key) => key.postsAccepted),
      duplicatePosts: sum((key) => Math.max(0, key.postsAccepted - 1)),
      creditsSpent,
      postsNaive: fake.movies().filter((movie) => movie.key === undefined).length,
      creditsNaive: fake.credits().spent - creditsSpent,
    },
    otherMovieRefused,
  };
}

async function play(scene: Scene, parts: DemoParts): Promise<DemoKey> {
  const { fake, note } = parts;
  for (const effect of scene.faults) fake.fault({ match: { call: 'create', key: scene.key }, effect });
  const movie = await movieOf(scene);
  const startedMs = performance.now();
  note(`${scene.key}: ${scene.what}`);
  const answers = await callAll(scene, movie, parts);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const projects = [...new Set(answers.map(({ project }) => project))];
  const states = [...new Set(answers.map(({ state }) => state))];
  const message = answers[0]?.message ?? '';
  note(`${scene.key}: ${states.join(', ')} after ${seconds} s${message === '' ? '' : ` (${message})`}`);
  const accepted = fake.movies().filter((paid) => paid.key === scene.key);
  const gets = fake
    .requests({ call: 'status' })
    .filter((request) => projects.includes(request.project ?? ''));
  return {
    key: scene.key,
    what: scene.what,
    state: states.join(', '),
    project: projects.join(', '),
    callers: scene.callers,
    postsAccepted: accepted.length,
    gets: gets.length,
    webhooks: accepted.reduce((total, paid) => total + paid.webhooks.length, 0),
    seconds,
  };
}

async function callAll(
  scene: Scene,
  movie: JsonObject,
  { renders, engine }: DemoParts,
): Promise<Awaited<ReturnType<typeof callOnce>>[]> {
  if (scene.processes === 0) {
    const calls = Array.from({ length: scene.callers }, () =>
      callOnce(renders, scene.key, movie, scene.options),
    );
    return Promise.all(calls);
  }
  const shares = Array.from({ length: scene.processes }, (_, index) =>
    Math.floor((scene.callers + index) / scene.processes),
  );
  const { address, namespace } = engine;
  const processes = shares.map((callers) =>
    callInProcess({ address, namespace, key: scene.key, movie, callers }),
  );
  return (await Promise.all(processes)).flat();
}

/** Kills the worker as soon as all movies are accepted; gives up if all calls end before. */
async function killWorkerOnceAllAreAccepted(
  { fake, replaceWorker, note }: DemoParts,
  playing: Promise<unknown>,
): Promise<void> {
  const isAccepted = ({ key }: Scene): boolean => fake.movies().some((movie) => movie.key === key);
  const over = playing.then(
    () => true,
    () => true,
  );
  let isOver = false;
  while (!SCENES.every(isAccepted)) {
    if (isOver) return;
    isOver = await Promise.race([pause(100, false), over]);
  }
  // The worker needs a moment to record the acceptances. Only the lost reply takes longer: a look finds it after 5 s.
  await pause(1_000);
  note('killing the worker (SIGKILL) and starting another …');
  await replaceWorker();
}

async function isOtherMovieRefused({ renders, fake, note }: DemoParts): Promise<boolean> {
  const [scene] = SCENES;
  if (scene === undefined) return false;
  const other = { ...(await movieOf(scene)), quality: 'low' };
  const error = await renders.submitOnce(scene.key, other).catch((thrown: unknown) => thrown);
  const posts = fake.requests({ call: 'create' }).filter((request) => request.key === scene.key);
  const isRefused = error instanceof IdempotencyKeyReused && posts.length === 1;
  note(`${scene.key} with another movie: ${isRefused ? `refused (${error.message})` : 'NOT refused'}`);
  return isRefused;
}
