import { log, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { detailsOf, type RenderView } from '../render/details.js';
import type { RenderState } from '../render/state.js';
import { ATTRIBUTES } from './messages.js';

/** View of a render, and the account to be shown from now on: null if nothing is in doubt any more. */
interface Shown extends Omit<RenderView, 'key' | 'state' | 'attempts'> {
  readonly account?: string | null | undefined;
  /** Set at the end of the run, with its last state. */
  readonly cost?: { readonly credits: number | undefined; readonly budget: string | undefined };
}

/**
 * Display of this render in the Temporal UI. Writes search attributes only when they change, since each write is an event
 * of history; current details cost nothing.
 */
export class RenderDisplay {
  #attempts = 0;
  #project: string | undefined;
  #decided: string | undefined;
  #remark: string | undefined;
  #view: RenderView | undefined;
  #indexedAccount = workflowInfo().typedSearchAttributes.get(ATTRIBUTES.account) ?? null;
  #account = this.#indexedAccount;
  #state: RenderState = 'submitting';
  /** The state in the engine's index. The starter sets it; clients in other languages may not. */
  #indexed: string | undefined = workflowInfo().typedSearchAttributes.get(ATTRIBUTES.state);

  /** Number of submissions so far, including the one under way. */
  get attempts(): number {
    return this.#attempts;
  }

  get state(): RenderState {
    return this.#state;
  }

  /** Adds a person's decision to every view from now on. */
  decided(text: string): void {
    this.#decided = text;
  }

  /** Shows no account from the next view on: nothing is in doubt any more. */
  settled(): void {
    this.#account = null;
  }

  /** Adds a remark about the movie as it was sent to every view from now on. */
  remarked(text: string): void {
    this.#remark = text;
  }

  /** Adds what follows the end to the last view. Costs no event of history. */
  followed(text: string): void {
    if (this.#view !== undefined) setCurrentDetails(detailsOf({ ...this.#view, followed: text }));
  }

  /** Shows a submission that is about to be made. `account` is that of an earlier one that is in doubt. */
  nextAttempt(state: Extract<RenderState, 'submitting' | 'waiting'>, account: string | null): void {
    this.#attempts += 1;
    this.show(state, { awaited: "the provider's reply to the POST", account });
  }

  /** Enters a state, or changes what is shown within it. */
  show(state: RenderState, { account = this.#account, cost, ...view }: Shown = {}): void {
    const isNewProject = view.project !== undefined && view.project !== this.#project;
    const isNewAccount = account !== this.#indexedAccount;
    this.#project = view.project ?? this.#project;
    this.#account = account;
    this.#state = state;
    const kept = {
      ...(this.#project === undefined ? {} : { project: this.#project }),
      ...(this.#decided === undefined ? {} : { decided: this.#decided }),
      ...(this.#remark === undefined ? {} : { remark: this.#remark }),
    };
    const { workflowId: key } = workflowInfo();
    this.#view = { ...view, ...kept, key, state, attempts: this.#attempts };
    setCurrentDetails(detailsOf(this.#view));
    if (state === this.#indexed && !isNewProject && !isNewAccount) return;
    const isNewState = state !== this.#indexed;
    this.#indexed = state;
    this.#indexedAccount = account;
    upsertSearchAttributes([
      { key: ATTRIBUTES.state, value: state },
      ...(isNewProject ? [{ key: ATTRIBUTES.project, value: this.#project ?? null }] : []),
      ...(isNewAccount ? [{ key: ATTRIBUTES.account, value: account }] : []),
      ...(cost?.budget === undefined ? [] : [{ key: ATTRIBUTES.budget, value: cost.budget }]),
      ...(cost?.credits === undefined ? [] : [{ key: ATTRIBUTES.credits, value: cost.credits }]),
    ]);
    // The log knows the project by now. It does not get the message, which may quote the movie.
    if (isNewState) log[state === 'held' ? 'warn' : 'info'](`render ${state}`, { attempts: this.#attempts });
  }
}
