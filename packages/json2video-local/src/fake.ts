import type { FakeCredits } from './account/credits.js';
import type { FaultRuleInput } from './faults/fault-rule.js';
import { parseFaultRule } from './faults/fault-rule.js';
import type { FakeMovie } from './movies/movie.js';
import { ledgerView } from './movies/movie.js';
import type { FakeRequest, RequestFilter } from './records/journal.js';
import type { ScenarioName } from './scenarios.js';
import type { Switches, SwitchSettings } from './switches.js';
import type { World } from './world.js';
import { playScenario } from './begin.js';

/** Selects movies of the ledger; a field left out matches everything. */
export interface MovieFilter {
  readonly key?: string | undefined;
  readonly project?: string | undefined;
  readonly status?: FakeMovie['status'] | undefined;
}

/** A running local JSON2Video, with its ledger of what really happened. */
export interface FakeJson2Video {
  /** Base URL, without a slash at the end and without `/v2`. */
  readonly url: string;
  readonly apiKey: string;
  /** Returns the movies accepted so far, oldest first. */
  movies(filter?: MovieFilter): FakeMovie[];
  /** Returns requests of the API, oldest first; control requests are not among them. */
  requests(filter?: RequestFilter): FakeRequest[];
  /** Returns the balance, and what was spent. */
  credits(): FakeCredits;
  /** Buys credits. */
  addCredits(credits: number): void;
  /** Puts a fault rule in force; returns its ID. @throws OptionInvalid naming the field */
  fault(rule: FaultRuleInput): string;
  /** Lets go of the requests that a `park` rule holds, and of later ones; returns how many it held. */
  release(id: string): number;
  /** Removes every fault rule. */
  clearFaults(): void;
  /** Adds a scenario; returns the IDs of its rules. Its switches stay when the rules are removed. */
  scenario(name: ScenarioName): string[];
  /** Returns the positions of all switches. */
  switches(): Switches;
  /** Changes some switches; returns the positions of all. @throws OptionInvalid naming the switch */
  setSwitches(settings: SwitchSettings): Switches;
  /** Moves the server's clock forward. On return, everything due by then has happened, and webhooks are on their way. */
  advance(seconds: number): void;
  /** Returns the server's clock, milliseconds since the epoch. */
  now(): number;
  /** Cuts every connection and drops pending webhooks. May be called twice. */
  close(): Promise<void>;
}

/** Makes the handle of a server; the control routes use it too. */
export function fakeOf(world: World, close: () => Promise<void>): FakeJson2Video {
  const { clock, credits, book, switches, ledger, journal } = world;
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
    scenario: (name) => playScenario(world, name),
    switches: () => switches.current,
    setSwitches: (settings) => switches.change(settings),
    advance: (seconds) => {
      clock.advance(seconds);
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
