import { readFile } from 'node:fs/promises';
import type { FakeJson2Video } from '../fake/index.js';
import type { Outcome } from '../render/outcome.js';
import { UnfinishedRender } from '../render/errors.js';
import { messageOf } from '../render/text.js';
import type { Renders } from '../starter.js';

/** What the demo shows, each figure counted by the local provider's ledger. */
export interface Demo {
  readonly ok: boolean;
  readonly temporalUi: string;
  readonly keys: readonly DemoKey[];
  readonly totals: {
    readonly callers: number;
    readonly postsAccepted: number;
    readonly duplicatePosts: number;
    readonly creditsSpent: number;
  };
}

export interface DemoKey {
  readonly key: string;
  readonly state: string;
  readonly project: string;
  readonly callers: number;
  readonly postsAccepted: number;
  readonly gets: number;
  readonly webhooks: number;
  /** From the first call to the outcome. */
  readonly seconds: number;
}

export interface DemoParts {
  readonly renders: Renders;
  readonly fake: FakeJson2Video;
  readonly temporalUi: string;
  readonly note: (line: string) => void;
}

interface Scene {
  readonly key: string;
  readonly movie: string;
  readonly callers: number;
}

const SCENES: readonly Scene[] = [
  { key: 'order-12345-thumbnail', movie: 'hello-card.json', callers: 10 },
  { key: 'user-42-onboarding-video-v3', movie: 'vertical-slideshow.json', callers: 1 },
  { key: 'campaign-summer-2026-ad-spanish', movie: 'clip-assembly.json', callers: 1 },
];

/** Plays all scenes at once and counts afterwards what the provider was asked and what it charged. */
export async function runDemo(parts: DemoParts): Promise<Demo> {
  const keys = await Promise.all(SCENES.map((scene) => play(scene, parts)));
  const sum = (count: (key: DemoKey) => number): number => keys.reduce((total, key) => total + count(key), 0);
  return {
    ok: keys.every((key) => key.state === 'done' && key.postsAccepted === 1),
    temporalUi: parts.temporalUi,
    keys,
    totals: {
      callers: sum((key) => key.callers),
      postsAccepted: sum((key) => key.postsAccepted),
      duplicatePosts: sum((key) => Math.max(0, key.postsAccepted - 1)),
      creditsSpent: parts.fake.credits().spent,
    },
  };
}

async function play(scene: Scene, { renders, fake, note }: DemoParts): Promise<DemoKey> {
  const movie: unknown = JSON.parse(
    await readFile(new URL(`../../examples/movies/${scene.movie}`, import.meta.url), 'utf8'),
  );
  const startedMs = performance.now();
  note(`${scene.key}: ${scene.callers} concurrent caller${scene.callers === 1 ? '' : 's'}`);
  const calls = Array.from({ length: scene.callers }, () => outcomeOf(renders, scene.key, movie));
  const outcomes = await Promise.all(calls);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const projects = [...new Set(outcomes.map((outcome) => outcome.project))];
  const states = [...new Set(outcomes.map((outcome) => outcome.state))];
  const accepted = fake.movies().filter((paid) => paid.key === scene.key);
  const requests = fake.requests().filter((request) => projects.includes(request.project ?? ''));
  note(`${scene.key}: ${states.join(', ')} after ${seconds} s`);
  return {
    key: scene.key,
    state: states.join(', '),
    project: projects.join(', '),
    callers: scene.callers,
    postsAccepted: accepted.length,
    gets: requests.filter((request) => request.call === 'status').length,
    webhooks: accepted.reduce((total, paid) => total + paid.webhooks.length, 0),
    seconds,
  };
}

interface CallerSaw {
  readonly state: string;
  readonly project: string;
}

async function outcomeOf(renders: Renders, key: string, movie: unknown): Promise<CallerSaw> {
  try {
    const video = await renders.render(key, movie);
    return { state: video.status, project: video.project };
  } catch (error) {
    const outcome: Outcome | undefined = error instanceof UnfinishedRender ? error.outcome : undefined;
    return { state: outcome?.status ?? messageOf(error), project: outcome?.project ?? '' };
  }
}
