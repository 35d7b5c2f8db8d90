import pMap from 'p-map';
import type { SubmitOptions } from '../../src/starter/prepare.js';
import { CARD, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { Load } from './load.js';

/** A doubt ends after 20 s of an attempt and 30 s to settle; the machine may be busy. */
export const DRAIN_MS = 300_000;
/** Questions to the engine at once. */
export const QUESTIONS = 20;

interface StageLoadTerms {
  readonly prefix: string;
  readonly callers: number;
  readonly options: SubmitOptions;
}

/** Starts callers that submit through the library until they are stopped. */
export function loadOf({ renders }: Stage, { prefix, callers, options }: StageLoadTerms): Load {
  const submit = async (key: string): Promise<string | undefined> => {
    const answer = await renders.submitOnce(key, CARD, options).catch(() => undefined);
    return answer?.project;
  };
  return new Load({ prefix, callers, drainMs: DRAIN_MS, submit });
}

/** Compares the results of the keys with the movies that were paid. Returns a line for each difference. */
export async function unlikeLedger(stage: Stage, kept: readonly string[], load: Load): Promise<string[]> {
  const lines = await pMap(
    kept,
    async (key) => {
      const ask = () => stage.renders.result(key).catch(() => undefined);
      const { project } = await until(`${key} has a video`, ask, DRAIN_MS);
      const paid = (await stage.fake.movies(key)).map((movie) => movie.project);
      if (paid.length > 1) return `paid ${paid.length} times: ${key}`;
      const promised = load.acknowledged.get(key);
      const isSame = paid[0] === project && promised === project;
      return isSame ? '' : `${key}: acknowledged ${promised}, ended with ${project}, paid ${paid[0]}`;
    },
    { concurrency: QUESTIONS },
  );
  const strangers = (await stage.fake.movies()).filter(({ key = '' }) => !load.keys.has(key));
  return [
    ...lines.filter((line) => line !== ''),
    ...strangers.map(({ project }) => `paid for no key: ${project}`),
  ];
}
