import type { BudgetDenial, ReserveRequest } from '../render/budget.js';
import type { ReserveAnswer } from '../temporal/budgets.js';

/** The answer of a budget; `late` if the time was up before it was asked. */
export type QueueAnswer = ReserveAnswer | 'no budget' | 'late';

/** A request of one submission, and how to ask the budget for it. */
interface Asking {
  readonly request: ReserveRequest;
  /** True if the run may hold a reservation already; then it asks by itself. */
  readonly mayHold: boolean;
  readonly deadlineMs: number;
  readonly ask: () => Promise<Exclude<QueueAnswer, 'late'>>;
}

interface Waiting extends Asking {
  readonly sequence: number;
  readonly answer: (answer: QueueAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/** Requests of one worker and budget under way: an engine takes 10 updates of one workflow at the same time by default. */
const ASKING_AT_ONCE = 3;

/**
 * Requests of one worker to one budget, in the order of their coming. A denial is also the answer to the requests that
 * waited when it was asked for and need more than is left, so that a crowd of denials costs the budget few.
 */
export class BudgetQueue {
  #waiting: Waiting[] = [];
  #asking = 0;
  #sequence = 0;

  /** Waits for the budget's answer, at most until the deadline. Rejects if the budget was asked and did not answer. */
  async ask(asking: Asking): Promise<QueueAnswer> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<QueueAnswer>((answer, fail) => {
        this.#sequence += 1;
        const waiting = { ...asking, sequence: this.#sequence, answer, fail };
        this.#waiting.push(waiting);
        const late = (): void => {
          if (this.#take(waiting)) answer('late');
        };
        timer = setTimeout(late, Math.max(0, asking.deadlineMs - Date.now()));
        this.#next();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #next(): void {
    while (this.#asking < ASKING_AT_ONCE) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      this.#asking += 1;
      const newest = this.#sequence;
      waiting
        .ask()
        .then((answer) => {
          if (typeof answer === 'object' && 'denial' in answer)
            this.#share(answer.denial, waiting.request, newest);
          waiting.answer(answer);
        }, waiting.fail)
        .finally(() => {
          this.#asking -= 1;
          this.#next();
        })
        .catch(() => undefined);
    }
  }

  #share(denial: BudgetDenial, asked: ReserveRequest, newest: number): void {
    for (const waiting of this.#waiting.filter(({ sequence }) => sequence <= newest)) {
      const needs = waiting.mayHold ? undefined : neededBy(waiting.request, denial, asked);
      if (needs !== undefined && this.#take(waiting)) waiting.answer({ denial: { ...denial, needs } });
    }
  }

  #take(waiting: Waiting): boolean {
    const length = this.#waiting.length;
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    return this.#waiting.length < length;
  }
}

/** Returns the credits that a request lacks if the denial of another holds for it too; undefined if it must ask by itself. */
function neededBy(
  { credits, isUnknown, count }: ReserveRequest,
  denial: BudgetDenial,
  asked: ReserveRequest,
): number | undefined {
  if (count !== 1 || denial.isFull === true || denial.needs > denial.limit) return undefined;
  if (isUnknown)
    return asked.isUnknown && asked.count === 1 && credits === asked.credits ? denial.needs : undefined;
  return credits > denial.left && credits <= denial.limit ? credits : undefined;
}
