import { type FakeOptions, startFakeJson2Video } from 'json2video-local';
import type { Quote } from '../../../src/movie/quote.js';

/** A charge of the local JSON2Video for one movie. */
export interface Charge {
  readonly isDone: boolean;
  readonly credits: number;
}

/** Renders movies on a local JSON2Video that caches nothing, and returns what its ledger charges for each. */
export async function chargesOf(movies: readonly object[], options: FakeOptions = {}): Promise<Charge[]> {
  const fake = await startFakeJson2Video({ fixedClock: true, credits: 1e9, cache: false, ...options });
  try {
    const headers = { 'x-api-key': fake.apiKey, 'content-type': 'application/json' };
    const projects: string[] = [];
    for (const movie of movies) {
      const body = JSON.stringify(movie);
      const reply = await fetch(`${fake.url}/v2/movies`, { method: 'POST', headers, body });
      projects.push(/"project":"(\w+)"/.exec(await reply.text())?.[1] ?? 'refused');
    }
    fake.advance(100_000);
    const accepted = new Map(fake.movies().map((movie) => [movie.project, movie]));
    return projects.map((project) => {
      const { status = 'refused', credits = 0 } = accepted.get(project) ?? {};
      return { isDone: status === 'done', credits };
    });
  } finally {
    await fake.close();
  }
}

/** Returns what is wrong about a quote, if the provider charges this for the movie. */
export function quoteFault({ credits, bound, parts }: Quote, charge: Charge): string | undefined {
  const sum = parts.reduce((total, part) => total + part.credits, 0);
  if (sum !== credits) return `the parts are ${sum} credits, and the quote is ${credits}`;
  if (!Number.isSafeInteger(credits) || credits < 0) return `${credits} is no number of credits`;
  // A failed render is not charged, but its assets may be.
  if (!charge.isDone) return undefined;
  const video = parts[0]?.credits ?? 0;
  const isRight = {
    exact: charge.credits === credits,
    estimate: charge.credits >= video && charge.credits <= credits,
    unknown: charge.credits >= video,
  };
  return isRight[bound] ? undefined : `${bound}: ${credits} quoted, ${charge.credits} charged`;
}
