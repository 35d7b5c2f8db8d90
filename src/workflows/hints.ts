import { isJsonObject } from '../text/json.js';
import { PROJECT_CHARACTERS } from '../render/limits.js';

/** Hints kept while it is not yet known which project is ours; more tell nothing new. */
const HINTS_KEPT = 8;

/** Webhook deliveries that the workflow has not looked at yet. They wake it; a GET must confirm what they say. */
export class Hints {
  #projects: string[] = [];

  /** Keeps the projects of the last few. Ignores a malformed signal, which anybody could send. */
  receive(hint: unknown): void {
    const project = isJsonObject(hint) ? hint['project'] : undefined;
    if (typeof project !== 'string' || project === '' || project.length > PROJECT_CHARACTERS) return;
    this.#projects = [...this.#projects, project].slice(-HINTS_KEPT);
  }

  get waiting(): boolean {
    return this.#projects.length > 0;
  }

  /** Returns the projects named since the last call, each once. */
  takeProjects(): string[] {
    const projects = [...new Set(this.#projects)];
    this.#projects = [];
    return projects;
  }
}
