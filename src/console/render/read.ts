import { type Caller, engineKeyOf } from '../../http/caller.js';
import { withOutcome, shownView } from '../../http/views.js';
import { type Quote, quoteMovie } from '../../movie/quote.js';
import { type Delivery, readDeliveries } from '../../starter/deliveries.js';
import type { RenderStory } from '../../starter/status.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { readStartedRun } from '../../temporal/started-run.js';
import type { JsonObject } from '../../text/json.js';
import type { ConsoleContext } from '../context.js';

/** Everything that the page of a render shows. Its key is the caller's. */
export interface Shown {
  readonly key: string;
  /** The key in the engine, which commands take. */
  readonly engineKey: string;
  readonly story: RenderStory;
  readonly view: ReturnType<typeof shownView>;
  /** Absent if another client started the render without one. */
  readonly movie?: JsonObject;
  /** Price of the movie; absent if it cannot be quoted. */
  readonly quote?: Quote;
  readonly deliveries: readonly Delivery[];
}

/** Reads a render. Throws as `renders.status` does. */
export async function readShown(
  { client, renders }: ConsoleContext,
  caller: Caller,
  key: string,
  signal: AbortSignal,
): Promise<Shown> {
  const engineKey = engineKeyOf(caller, key);
  const story = await renders.story(engineKey, { signal });
  const { events: _events, next: _next, decisions: _decisions, ...status } = story;
  const [view, started, deliveries] = await Promise.all([
    withOutcome(renders, status, { signal }),
    askEngine(client, engineKey, () => readStartedRun(client, { workflowId: engineKey })),
    readDeliveries(client, engineKey),
  ]);
  const { movie } = started;
  return {
    key,
    engineKey,
    story,
    view: shownView(caller, view),
    ...(movie === undefined ? {} : { movie, ...quoted(movie) }),
    deliveries,
  };
}

function quoted(movie: JsonObject): Pick<Shown, 'quote'> {
  try {
    return { quote: quoteMovie(movie) };
  } catch {
    // The engine may hold what another version took for a movie.
    return {};
  }
}
