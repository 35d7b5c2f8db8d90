import { type Follow, followOf } from '../render/follow.js';

/**
 * What follows the end of a run: the choice of the call, else the configuration of the worker that submitted, as the
 * activities report it.
 */
export class Following {
  #options: Parameters<typeof followOf>[0];
  #worker: Follow | undefined;

  constructor(options: Parameters<typeof followOf>[0]) {
    this.#options = options;
  }

  /** Notes the result of a submission. */
  submitted({ follow }: { readonly follow?: Follow | undefined }): void {
    this.#worker = follow;
  }

  /** Notes the result of a look or a claim, which counts if no submission returned. */
  seen({ follow }: { readonly follow?: Follow | undefined }): void {
    this.#worker ??= follow;
  }

  get follow(): Follow {
    return followOf(this.#options, this.#worker);
  }
}
