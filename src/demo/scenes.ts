import { readFile } from 'node:fs/promises';
import type { FakeJson2Video, FakeOptions } from 'json2video-local';
import type { SubmitOptions } from '../starter/prepare.js';
import { isJsonObject, type JsonObject, parseJson } from '../text/json.js';

type FaultEffect = Parameters<FakeJson2Video['fault']>[0]['effect'];

/** One trouble of real life, and the end of its render. */
export interface Scene {
  readonly key: string;
  /** A file of `examples/movies/`. */
  readonly movie: string;
  readonly what: string;
  readonly callers: number;
  /** Processes that share the callers; with 0 this process calls. */
  readonly processes: number;
  readonly options: SubmitOptions;
  /** Faults of the provider or the network that meet this key. */
  readonly faults: readonly FaultEffect[];
  readonly ends: 'done' | 'failed';
  /** True if the demo kills the worker while this render waits. */
  readonly killsWorker?: boolean;
}

const CALM = { callers: 1, processes: 0, options: {}, faults: [], ends: 'done' } as const;

export const SCENES: readonly Scene[] = [
  {
    ...CALM,
    key: 'order-12345-thumbnail',
    movie: 'hello-card.json',
    what: '25 callers at once, in 3 processes',
    callers: 25,
    processes: 3,
  },
  {
    ...CALM,
    key: 'user-42-onboarding-video-v3',
    movie: 'vertical-slideshow.json',
    what: 'the reply to the POST is lost',
    faults: [{ kind: 'reset-after' }],
  },
  {
    ...CALM,
    key: 'campaign-summer-2026-ad-spanish',
    movie: 'template-render.json',
    what: "the webhook comes three times, once before the POST's reply",
    options: { webhook: true },
    faults: [
      { kind: 'webhook', action: 'early' },
      { kind: 'webhook', action: 'duplicate', n: 3 },
    ],
  },
  {
    ...CALM,
    key: 'invoice-7781-summary',
    movie: 'clip-assembly.json',
    what: 'no webhook at all',
    options: { webhook: false },
  },
  {
    ...CALM,
    key: 'user-43-welcome',
    movie: 'hello-card.json',
    what: 'a brief "error" that becomes "done"',
    options: { webhook: false },
    faults: [{ kind: 'state', script: ['error', 'error', 'running', 'done'] }],
  },
  {
    ...CALM,
    key: 'order-12346-recap',
    movie: 'clip-assembly.json',
    what: 'the worker is killed while the render waits',
    options: { webhook: false },
    faults: [{ kind: 'state', script: ['running', 'running', 'done'] }],
    killsWorker: true,
  },
  {
    ...CALM,
    key: 'order-12347-teaser',
    movie: 'broken-video-without-src.json',
    what: 'a broken movie',
    options: { errorGraceSeconds: 10 },
    ends: 'failed',
  },
];

/** Reads the movie of a scene. */
export function movieOf(scene: Scene): Promise<JsonObject> {
  return exampleMovie(scene.movie);
}

/** Reads the templates that the scenes' movies name, as the provider's account would hold them. */
export async function demoTemplates(): Promise<NonNullable<FakeOptions['templates']>> {
  const [{ template }, card] = await Promise.all([
    exampleMovie('template-render.json'),
    exampleMovie('hello-card.json'),
  ]);
  if (typeof template !== 'string') throw new Error('examples/movies/template-render.json names no template');
  return { [template]: { name: 'campaign ad', movie: { ...card } } };
}

async function exampleMovie(name: string): Promise<JsonObject> {
  const movie = parseJson(await readFile(new URL(`../../examples/movies/${name}`, import.meta.url), 'utf8'));
  if (!isJsonObject(movie)) throw new Error(`examples/movies/${name} is not a JSON object`);
  return movie;
}
