import { type FakeJson2Video, type FakeOptions, startFakeJson2Video } from 'json2video-local';
import type { RenderOptionsInput } from '../../../src/render/options.js';
import { CARD } from '../../support/stage.js';
import { until } from '../../support/until.js';
import { withMark } from '../../../src/movie/movie.js';
import type { AcceptedRun, RenderIndex } from '../../../src/temporal/render-index.js';
import type { AcceptedMovie } from '../ledger.js';
import type { ControlScenario } from './control.js';
import { sightingOf } from './sighting-of.js';
import { KEY, playSkipped } from './skipped-run.js';

interface HttpScript {
  readonly name: string;
  readonly fake?: FakeOptions;
  readonly options?: RenderOptionsInput;
  readonly happens?: (fake: FakeJson2Video, postWitness: () => Promise<void>) => Promise<unknown>;
  /** True if the render that is the account's witness is posted only when `happens` does it. */
  readonly isWitnessLate?: true;
  /** What is still to come when the render has ended. */
  readonly after?: (fake: FakeJson2Video) => Promise<unknown>;
}

/** A scenario on skipped time, with the client under test at the local JSON2Video, whose time is real. */
export function overHttp(script: HttpScript): ControlScenario {
  const { name, fake: how, options = {}, happens, after, isWitnessLate = false } = script;
  return {
    name,
    play: async (ground) => {
      const fake = await startFakeJson2Video({ cache: false, renderSeconds: 0, ...how });
      const known = [LISTED_WITNESS];
      const postWitness = async (): Promise<void> => void known.push(await witnessAt(fake));
      try {
        if (!isWitnessLate) await postWitness();
        const indexOf = (): RenderIndex => ({ acceptedBy: async () => known, runsOf: async () => [] });
        const answers = await playSkipped(ground, {
          options,
          provider: (_, { createJson2Video }) => ({
            ...createJson2Video({ url: fake.url, apiKey: fake.apiKey, now: Date.now }),
            indexOf,
          }),
          happens: async () => {
            await happens?.(fake, postWitness);
            return [];
          },
          after: () => after?.(fake),
        });
        return sightingOf(KEY, { accepted: fake.movies({ key: KEY }).map(acceptedOf), answers });
      } finally {
        await fake.close();
      }
    },
  };
}

/** A render of the account that only made-up lists show, as the engine knows it. */
export const LISTED_WITNESS: AcceptedRun = {
  key: 'witness',
  project: 'witness000000000',
  startedAtMs: Date.now(),
};

/** Posts a movie with the mark of another render of the account; returns it as the engine knows it. */
async function witnessAt(fake: FakeJson2Video): Promise<AcceptedRun> {
  const mark = { key: 'witness', fingerprint: 'e'.repeat(64), namespace: 'default' };
  const headers = { 'x-api-key': fake.apiKey, 'content-type': 'application/json' };
  const body = JSON.stringify(withMark(CARD, mark));
  await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers, body });
  const [movie] = fake.movies({ key: 'witness' });
  return { key: 'witness', project: movie?.project ?? '', startedAtMs: fake.now() };
}

function acceptedOf({ project, status }: ReturnType<FakeJson2Video['movies']>[number]): AcceptedMovie {
  return status === 'done' || status === 'error' ? { project, ended: status } : { project };
}

export const LOSE_REPLY = {
  match: { call: 'create', key: KEY },
  effect: { kind: 'reset-after' },
  times: 1,
} as const;

export const isAccepted = (fake: FakeJson2Video) =>
  until('the movie is accepted', () => fake.movies({ key: KEY }).length === 1);

export const LOST_REPLY = overHttp({
  name: 'the reply to the POST is lost',
  fake: { faults: [LOSE_REPLY] },
});

export const UNKNOWN_STATUS = overHttp({
  name: 'the provider says a status that nobody knows, and then error',
  fake: {
    faults: [{ match: { key: KEY }, effect: { kind: 'state', script: ['preparing', 'error'] } }],
  },
});

/** More than the list shows on one page. */
const OTHERS = 120;

export const LONG_LIST = overHttp({
  name: 'the reply to the POST is lost, and the list has the movie on its second page',
  // No look before all others are there.
  fake: { faults: [LOSE_REPLY, { match: { call: 'list' }, effect: { kind: 'park', at: 'before' } }] },
  isWitnessLate: true,
  happens: async (fake, postWitness) => {
    await isAccepted(fake);
    const headers = { 'x-api-key': fake.apiKey, 'content-type': 'application/json' };
    for (let index = 0; index < OTHERS; index += 1)
      await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers, body: JSON.stringify(CARD) });
    await postWitness();
    fake.clearFaults();
  },
});

const now = new Date();
const THIS_MONTH_MS = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
const MINUTE_MS = 60_000;

export const LAST_MONTH = overHttp({
  name: 'the reply to the POST is lost, and a month begins before the list is read',
  fake: { faults: [LOSE_REPLY], startAt: THIS_MONTH_MS - MINUTE_MS },
  options: { lookFrom: new Date(THIS_MONTH_MS - 10 * MINUTE_MS).toISOString() },
  isWitnessLate: true,
  happens: async (fake, postWitness) => {
    await isAccepted(fake);
    fake.advance(120);
    await postWitness();
  },
});

export const SLOW_ACCEPTANCE = overHttp({
  name: 'the provider holds the POST until its sender has waited for the whole settle window',
  fake: {
    faults: [{ match: { call: 'create', key: KEY }, effect: { kind: 'park', at: 'before' }, times: 1 }],
  },
  options: { submitTimeoutSeconds: 10, settleSeconds: 30 },
  happens: async (fake) => {
    await until(
      'the POST has reached the provider',
      () => fake.requests({ call: 'create', key: KEY }).length === 1,
    );
  },
  after: async (fake) => {
    fake.clearFaults();
    await until(
      'the first POST has ended',
      () => (fake.requests({ call: 'create', key: KEY })[0]?.ms ?? 0) > 0,
    );
  },
});
