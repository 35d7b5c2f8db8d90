import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { FakeJson2Video } from 'json2video-local';
import type { JsonObject } from '../text/json.js';
import type { Scene } from './scenes.js';

/** A naive backend tries a POST, and a render that ends in an error, so many times. */
const TRIES = 3;
const POLL_MS = 200;

const posted = z.object({ project: z.string() });
const polled = z.object({ movie: z.object({ status: z.string() }) });

async function post(fake: FakeJson2Video, movie: JsonObject): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await fetch(`${fake.url}/v2/movies`, {
        method: 'POST',
        headers: { 'x-api-key': fake.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(movie),
      });
      return posted.parse(await reply.json()).project;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

async function waitFor(fake: FakeJson2Video, project: string): Promise<string> {
  for (;;) {
    await pause(POLL_MS);
    const reply = await fetch(`${fake.url}/v2/movies?project=${project}`, {
      headers: { 'x-api-key': fake.apiKey },
    });
    const { status } = polled.parse(await reply.json()).movie;
    if (status === 'done' || status === 'error') return status;
  }
}

/**
 * Renders as a backend without durable execution does: POST, try again on any error, poll, and start over on "error". It
 * keeps the project in memory, so it loses the project when its process is killed.
 */
async function renderNaively(fake: FakeJson2Video, movie: JsonObject): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if ((await waitFor(fake, await post(fake, movie))) === 'done') return;
  }
}

/** Plays the events of one scene with naive callers, against the same provider. */
export async function playNaively(fake: FakeJson2Video, scene: Scene, movie: JsonObject): Promise<void> {
  fake.clearFaults();
  // A naive movie carries no mark, so the rule matches the first POST; no other caller is active meanwhile.
  for (const effect of scene.faults) {
    if (effect.kind !== 'webhook') fake.fault({ match: { call: 'create' }, effect, times: 1 });
  }
  // The backend is killed while it waits, and its next start does not know the project.
  if (scene.killsWorker === true) await post(fake, movie);
  await Promise.all(Array.from({ length: scene.callers }, () => renderNaively(fake, movie)));
}
