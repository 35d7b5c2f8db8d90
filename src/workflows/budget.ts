import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { BudgetBook } from '../render/budget-book.js';
import { isFound, isRelease, isReserveRequest, isSetting, isSettlement } from '../render/budget-messages.js';
import { newBudget } from '../render/budget-record.js';
import { budgetText, describeDenial } from '../render/budget-text.js';
import type { BudgetSetting, BudgetView, Release, ReserveRequest, Settlement } from '../render/budget.js';
import { messageOf } from '../text/text.js';
import {
  BUDGET_DENIED,
  BUDGET_ID_PREFIX,
  budgetMessages,
  type BudgetStart,
  checksQueueOf,
} from './messages.js';
import { budgetMetrics } from './run-metrics.js';
import { announceBudget } from './start-after.js';

/** Reservations of one run. The engine allows 2,000 updates a run, and advises a new one after 4,096 events. */
const UPDATES_PER_RUN = 500;
const EVENTS_PER_RUN = 4_000;

/** Runs of reservations that are older than this are asked after, and as often. */
const ASK_AFTER_MS = 3_600_000;
/** Runs in one call of the activity that asks. */
const ASKED_AT_ONCE = 100;

/**
 * A budget: reserves credits before each POST, so that any number of concurrent submissions never exceed its limit, and
 * settles them when the renders end. It runs for ever, continued as new. Denials leave no trace in its history.
 */
export async function budget({ record, updatesPerRun = UPDATES_PER_RUN }: BudgetStart = {}): Promise<void> {
  const open = new OpenBudget(record);
  open.listen();
  const { taskQueue } = workflowInfo();
  const isLong = (): boolean => open.updates >= updatesPerRun || isHistoryLong();
  while (!isLong()) {
    const isFull = await condition(isLong, ASK_AFTER_MS);
    if (!isFull) await unlessLong(isLong, () => askAfterRuns(open, checksQueueOf(taskQueue)));
  }
  await Promise.all(open.reports);
  await continueAsNew<typeof budget>({ record: open.book?.record(), updatesPerRun });
}

function isHistoryLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return historyLength >= EVENTS_PER_RUN || continueAsNewSuggested;
}

/** Stops work that lasts until the run must be continued as new: reservations go on meanwhile, and their number is limited. */
async function unlessLong(isLong: () => boolean, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  const working = scope.run(work).catch((error: unknown) => {
    if (!isCancellation(error))
      log.warn('a budget could not ask after its runs', { error: messageOf(error) });
  });
  await Promise.race([working, condition(isLong)]);
  scope.cancel();
  await working;
}

/** Asks how the runs of old open reservations are. A run that has closed without a settlement is settled here. */
async function askAfterRuns(open: OpenBudget, taskQueue: string): Promise<void> {
  const { askRuns } = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '2 minutes',
    retry: { maximumAttempts: 3 },
    summary: 'Ask the engine after the runs of old reservations',
  });
  const askedAtMs = Date.now();
  const asked = open.book?.openBefore(askedAtMs - ASK_AFTER_MS) ?? [];
  for (let from = 0; from < asked.length; from += ASKED_AT_ONCE) {
    const runs = asked.slice(from, from + ASKED_AT_ONCE).map(({ run, runId, key }) => ({ run, runId, key }));
    for (const { run, runId, post, inDoubt } of await askRuns({ runs }))
      open.book?.settle({ run, runId, endedAtMs: askedAtMs, post, inDoubt });
  }
}

class OpenBudget {
  /** Absent until a limit is set. */
  book: BudgetBook | undefined;
  /** Reservations since the begin of this run. */
  updates = 0;
  /** Reports under way: a run that ends starts no workflow. */
  readonly reports: Promise<void>[] = [];
  readonly #name = workflowInfo().workflowId.slice(BUDGET_ID_PREFIX.length);

  constructor(record: BudgetStart['record']) {
    if (record !== undefined) this.book = new BudgetBook(record);
  }

  listen(): void {
    setHandler(budgetMessages.set, (setting) => this.#set(setting));
    setHandler(budgetMessages.release, (release) => this.#release(release));
    setHandler(budgetMessages.settle, (settlement) => this.#settle(settlement));
    setHandler(budgetMessages.postAudited, (project, credits, atMs) => {
      if (isFound(project, credits, atMs)) this.book?.postAudited(project, credits, atMs);
    });
    setHandler(budgetMessages.exceeded, (windowStartMs) => {
      if (this.book?.exceeds(windowStartMs, Date.now()) === true) this.#report('budget.exceeded');
    });
    // The handler runs in the same turn as the validator, so that no other reservation comes between them. It is set after
    // those of the signals: what waited for this run is handled when its handler is set, and a limit comes first.
    setHandler(budgetMessages.reserve, (request) => this.#reserve(request), {
      validator: (request) => this.#requireFit(request),
    });
    setHandler(budgetMessages.view, (nowMs) => this.book?.view(nowMs));
    setHandler(budgetMessages.reservations, (from, limit) => this.book?.reservations(from, limit) ?? []);
    setHandler(budgetMessages.audited, () => this.book?.audited ?? []);
    this.#show();
  }

  #requireFit(request: ReserveRequest): void {
    if (!isReserveRequest(request)) throw ApplicationFailure.nonRetryable('this is no request of credits');
    const denial = this.book?.denialOf(request, Date.now());
    if (denial === undefined && this.book !== undefined) return;
    throw ApplicationFailure.create({
      type: BUDGET_DENIED,
      message: denial === undefined ? `budget ${this.#name} has no limit yet` : describeDenial(denial),
      nonRetryable: true,
      ...(denial === undefined ? {} : { details: [denial] }),
    });
  }

  #reserve(request: ReserveRequest): number {
    this.updates += 1;
    const credits = this.book?.reserve(request, Date.now()) ?? 0;
    this.#watch();
    return credits;
  }

  #set(setting: BudgetSetting): void {
    if (!isSetting(setting)) return;
    if (this.book === undefined) this.book = new BudgetBook(newBudget(this.#name, setting, Date.now()));
    else this.book.set(setting, Date.now());
    this.#watch();
  }

  #release(release: Release): void {
    if (isRelease(release)) this.book?.release(release);
    this.#show();
  }

  #settle(settlement: Settlement): void {
    if (isSettlement(settlement)) this.book?.settle(settlement);
    this.#watch();
  }

  #watch(): void {
    if (this.book?.passesSoft(Date.now()) === true) this.#report('budget.soft_exceeded');
    this.#show();
  }

  #report(type: 'budget.soft_exceeded' | 'budget.exceeded'): void {
    if (this.book !== undefined) this.reports.push(reportBudget(type, this.book.view(Date.now())));
  }

  #show(): void {
    const { book } = this;
    setCurrentDetails(book === undefined ? 'no limit is set' : budgetText(book.view(Date.now())));
  }
}

/**
 * Reports that a window of a budget has reached its soft limit, or denied credits; called once in each window. Resolves when
 * the workflow that sends the event has started. Never rejects.
 */
function reportBudget(
  type: 'budget.soft_exceeded' | 'budget.exceeded',
  { name, limit, left, window }: BudgetView,
): Promise<void> {
  log.warn(type, { budget: name, limit, left });
  budgetMetrics.reported(name, type);
  return announceBudget(type, {
    budget: name,
    limit,
    left,
    ...(window.end === null ? {} : { window: window.start }),
  });
}
