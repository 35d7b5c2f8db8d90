import { log, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { detailsOf, type RenderView } from '../render/details.js';
import type { RenderState } from '../render/state.js';
import { RENDER_PROJECT, RENDER_STATE } from './messages.js';

/**
 * What the Temporal UI shows of this render. Search attributes are written only when they change, since each write
 * is an event of history; current details cost nothing.
 */
export class RenderDisplay {
  #attempts = 0;
  #project: string | undefined;
  #decided: string | undefined;
  #state: RenderState = 'submitting';
  /** The state as the engine's index holds it: set by the starter, or not at all by clients in other languages. */
  #indexed: string | undefined = workflowInfo().typedSearchAttributes.get(RENDER_STATE);

  /** Submissions made so far, with the one under way. */
  get attempts(): number {
    return this.#attempts;
  }

  get state(): RenderState {
    return this.#state;
  }

  /** A person has decided; shown from the next view on. */
  decided(text: string): void {
    this.#decided = text;
  }

  /** Shows a submission that is about to be made. */
  nextAttempt(state: Extract<RenderState, 'submitting' | 'waiting'>): void {
    this.#attempts += 1;
    this.show(state, { awaited: "the provider's reply to the POST" });
  }

  /** Enters a state, or changes what is shown within it. */
  show(state: RenderState, view: Omit<RenderView, 'key' | 'state' | 'attempts'> = {}): void {
    const isNewProject = view.project !== undefined && view.project !== this.#project;
    this.#project = view.project ?? this.#project;
    this.#state = state;
    const kept = {
      ...(this.#project === undefined ? {} : { project: this.#project }),
      ...(this.#decided === undefined ? {} : { decided: this.#decided }),
    };
    const { workflowId: key } = workflowInfo();
    setCurrentDetails(detailsOf({ ...view, ...kept, key, state, attempts: this.#attempts }));
    if (state === this.#indexed && !isNewProject) return;
    const isNewState = state !== this.#indexed;
    this.#indexed = state;
    upsertSearchAttributes([
      { key: RENDER_STATE, value: state },
      ...(isNewProject ? [{ key: RENDER_PROJECT, value: this.#project ?? null }] : []),
    ]);
    // After the project is known to the log; without the message, which may quote the movie.
    if (isNewState) log[state === 'held' ? 'warn' : 'info'](`render ${state}`, { attempts: this.#attempts });
  }
}
