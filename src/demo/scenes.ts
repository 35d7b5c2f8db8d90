import type { FakeJson2Video } from 'json2video-local';
import type { SubmitOptions } from '../starter/prepare.js';

type FaultEffect = Parameters<FakeJson2Video['fault']>[0]['effect'];

/** One thing that happens in real life, and what becomes of it. */
export interface Scene {
  readonly key: string;
  /** A file of `examples/movies/`. */
  readonly movie: string;
  readonly what: string;
  readonly callers: number;
  /** How many processes the callers are spread over; 0: this one. */
  readonly processes: number;
  readonly options: SubmitOptions;
  /** What the provider or the network does to this key. */
  readonly faults: readonly FaultEffect[];
  readonly ends: 'done' | 'failed';
  /** Whether the worker is killed while this render waits. */
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
