import type { Reading } from '../../src/render/reading.js';
import {
  NOT_ACCEPTED,
  type stepWait,
  type WaitCommand,
  type WaitEvent,
  type WaitState,
} from '../../src/render/wait-machine.js';
import { type CheckPlan, type Ending, graceMs, nextCheck } from '../../src/render/waiting.js';
import { SAYS } from './readings.js';
import { ERROR_GRACE_SECONDS, type Pending, RULES, type Rule, type Told } from './wait-rules.js';

export type StepWait = typeof stepWait;

type Kind = WaitCommand['do'];

const REPORTS = {
  watch: 'watched',
  confirm: 'confirmed',
  'check hint': 'hint checked',
  'check suspect': 'suspect checked',
  'check last': 'last checked',
} as const;

const HINT_CHECK_MS = 60_000;

/** Plan of a command's check; a confirming GET and the last check report any reading. */
function planOf(command: WaitCommand): CheckPlan | undefined {
  switch (command.do) {
    case 'watch':
      return { for: 'watch', pollSeconds: 5, webhook: false };
    case 'check hint':
      return { for: 'hint' };
    case 'check suspect':
      return {
        for: 'suspect',
        about: command.about,
        graceMs: graceMs(command.about, ERROR_GRACE_SECONDS),
      };
    case 'confirm':
    case 'check last':
      return undefined;
  }
}

/**
 * A workflow and a provider in miniature: carries out the machine's commands, in any order that the test chooses,
 * and notes every rule that a step breaks. The provider says one thing after the other, as the test lets it go on.
 */
export class WaitSimulator {
  readonly broken = new Set<Rule>();
  readonly #step: StepWait;
  readonly #provider: readonly Reading[];
  #phase = 0;
  #nowMs = 0;
  #isTimeUp = false;
  #state: WaitState = NOT_ACCEPTED;
  #pending: readonly Pending[] = [];

  constructor(step: StepWait, provider: readonly Reading[]) {
    this.#step = step;
    this.#provider = provider;
    this.tell({ type: 'accepted' });
  }

  get ending(): Ending | undefined {
    return this.#state.ending;
  }

  providerGoesOn(): void {
    this.#phase = Math.min(this.#phase + 1, this.#provider.length - 1);
  }

  timeIsUp(): void {
    this.#isTimeUp = true;
    this.tell({ type: 'time is up' });
  }

  nth(index: number): Pending | undefined {
    return this.#pending[index % Math.max(1, this.#pending.length)];
  }

  find(kind: Kind): Pending | undefined {
    return this.#pending.find(({ command }) => command.do === kind);
  }

  /** Makes one request of a pending check, some time later. By its plan the check reports the reading or continues. */
  attempt(check: Pending | undefined, afterMs: number, said?: Reading): void {
    if (check === undefined) return;
    this.#nowMs += afterMs;
    const reading = said ?? this.#provider[this.#phase] ?? SAYS.rendering;
    const elapsedMs = this.#nowMs - check.sinceMs;
    const plan = planOf(check.command);
    check.attempts += 1;
    if (plan === undefined) {
      this.#complete(check, reading.says === 'unreadable' ? undefined : reading);
    } else if (nextCheck(reading, plan, { attempt: check.attempts, elapsedMs }).do === 'return') {
      this.#complete(check, reading);
    } else if (plan.for === 'hint' && elapsedMs >= HINT_CHECK_MS) {
      this.#complete(check, undefined);
    }
  }

  /** A pending check ends without having anything to tell: it failed, or the time of the render is over. */
  lose(check: Pending | undefined): void {
    if (check !== undefined) this.#complete(check, undefined);
  }

  /** The provider stays with its last word and every check goes on, until the end or for an hour. */
  goOn(): Ending | undefined {
    this.#phase = this.#provider.length - 1;
    for (let minute = 0; minute < 60 && this.ending === undefined; minute += 1) {
      for (const check of this.#pending) if (this.#pending.includes(check)) this.attempt(check, 60_000);
    }
    return this.ending;
  }

  tell(event: WaitEvent, completed?: Pending): void {
    const before = this.#state;
    const { state: after, commands } = this.#step(before, event);
    this.#state = after;
    const begun = commands.map((command) => ({ command, sinceMs: this.#nowMs, attempts: 1 }));
    this.#pending = [...this.#pending.filter((check) => check !== completed), ...begun];
    this.#verdictOf({
      before,
      event,
      after,
      commands,
      completed,
      pending: this.#pending,
      nowMs: this.#nowMs,
    });
  }

  #complete(check: Pending, reading: Reading | undefined): void {
    const { do: kind } = check.command;
    const endsByTime =
      reading === undefined && this.#isTimeUp && (kind === 'watch' || kind === 'check suspect');
    this.tell(endsByTime ? { type: 'time is up' } : { type: REPORTS[kind], reading }, check);
  }

  #verdictOf(told: Told): void {
    for (const [name, rule] of Object.entries(RULES)) if (!rule(told)) this.broken.add(name as Rule);
  }
}
