import { HINTS_KEPT } from '../render/limits.js';
import type { Hint } from './messages.js';

/** Webhook deliveries that the workflow has not looked at yet. They wake it; a GET must confirm what they say. */
export class Hints {
  #kept: Hint[] = [];

  /** Keeps the last few; more say nothing new. */
  receive(hint: Hint): void {
    this.#kept = [...this.#kept, hint].slice(-HINTS_KEPT);
  }

  get waiting(): boolean {
    return this.#kept.length > 0;
  }

  /** Returns the projects named since the last call, each once. */
  takeProjects(): string[] {
    const projects = [...new Set(this.#kept.map((hint) => hint.project))];
    this.#kept = [];
    return projects;
  }
}
