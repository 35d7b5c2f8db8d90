import type { FakeCredits } from './account/credits.js';
import type { FaultRuleInput } from './faults/fault-rule.js';
import { parseFaultRule } from './faults/fault-rule.js';
import type { FakeMovie } from './movies/movie.js';
import { ledgerView } from './movies/movie.js';
import type { Quirks, QuirkSettings } from './quirks.js';
import type { FakeRequest, RequestFilter } from './records/journal.js';
import type { ScenarioName } from './scenarios.js';
import { scenarioOf } from './scenarios.js';
import type { World } from './world.js';
import { playScenario } from './world.js';

/** Which movies are asked for; what is left out matches everything. */
export interface MovieFilter {
  readonly key?: string | undefined;
  readonly project?: string | undefined;
  readonly status?: FakeMovie['status'] | undefined;
}

/** A running fake, and its oracle: what really happened there, whatever the clients were told. */
export interface FakeJson2Video {
  /** Base URL, without a slash at the end and without `/v2`. */
  readonly url: string;
  readonly apiKey: string;
  /** The movies accepted so far, oldest first. */
  movies(filter?: MovieFilter): FakeMovie[];
  /** Requests after number `since`, oldest first; control requests are not among them. */
  requests(filter?: RequestFilter): FakeRequest[];
  /** The balance, and what was spent. */
  credits(): FakeCredits;
  /** Buys credits: what is refused for lack of them is taken from then on. */
  addCredits(credits: number): void;
  /** Puts a fault rule in force. @throws FaultRuleInvalid naming the field */
  fault(rule: FaultRuleInput): string;
  /** Lets go of what a `park` rule holds, and of what it would hold later; says how many were held. */
  release(id: string): number;
  /** Takes back every fault rule. */
  clearFaults(): void;
  /** Puts a scenario in force on top of what is; the IDs of its rules. Its quirks stay when they are removed. */
  scenario(name: ScenarioName): string[];
  /** The positions of all switches. */
  quirks(): Quirks;
  /** Changes some switches; the positions of all. @throws QuirkInvalid naming the switch */
  setQuirks(settings: QuirkSettings): Quirks;
  /** Moves the fake's clock forward; what has become due by then has happened on return, webhooks are under way. */
  advance(seconds: number): void;
  /** The fake's clock, milliseconds since the epoch. */
  now(): number;
  /** Cuts every connection, drops pending webhooks, and resolves when nothing is left. Twice is fine. */
  close(): Promise<void>;
}

/** The handle by which a fake is read and steered; its control routes go through it, too. */
export function fakeOf(world: World, close: () => Promise<void>): FakeJson2Video {
  const { clock, credits, book, quirks, ledger, journal } = world;
  return {
    get url() {
      return world.site.url;
    },
    apiKey: world.apiKey,
    movies: (filter) => moviesOf(world, filter),
    requests: (filter) => journal.entries(filter),
    credits: () => {
      clock.runDue();
      return credits.view();
    },
    addCredits: (bought) => {
      if (!(bought > 0)) throw new RangeError('Credits to add must be more than 0.');
      credits.grant(bought);
      ledger.append({ event: 'granted', at: new Date(clock.now()).toISOString(), credits: bought });
    },
    fault: (rule) => book.add(parseFaultRule(rule)),
    release: (id) => book.release(id) ?? 0,
    clearFaults: () => book.clear(),
    scenario: (name) => playScenario(world, scenarioOf(name)),
    quirks: () => quirks.current,
    setQuirks: (settings) => quirks.change(settings),
    advance: (seconds) => {
      clock.advance(seconds);
      // So that a restart on the same ledger file does not turn the clock back.
      ledger.append({ event: 'advanced', at: new Date(clock.now()).toISOString() });
    },
    now: () => clock.now(),
    close,
  };
}

function moviesOf({ clock, store }: World, { key, project, status }: MovieFilter = {}): FakeMovie[] {
  clock.runDue();
  const nowMs = clock.now();
  return store
    .all()
    .filter((movie) => key === undefined || movie.key === key)
    .filter((movie) => project === undefined || movie.project === project)
    .map((movie) => ledgerView(movie, nowMs))
    .filter((movie) => status === undefined || movie.status === status);
}
