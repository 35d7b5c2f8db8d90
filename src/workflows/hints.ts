import { HINTS_KEPT } from '../render/limits.js';
import type { Hint } from './messages.js';

/** Webhook deliveries that were not looked at yet. They wake the workflow and are never believed. */
export class Hints {
  #kept: Hint[] = [];

  /** Keeps the last few; more would tell nothing new. */
  receive(hint: Hint): void {
    this.#kept = [...this.#kept, hint].slice(-HINTS_KEPT);
  }

  get waiting(): boolean {
    return this.#kept.length > 0;
  }

  /** The projects named since the last call, each once. */
  takeProjects(): string[] {
    const projects = [...new Set(this.#kept.map((hint) => hint.project))];
    this.#kept = [];
    return projects;
  }
}
