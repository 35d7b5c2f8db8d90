/** Projects that are remembered; there are few. */
const KEPT = 2_000;

/** Projects that an audit or a review has posted to a budget and that no run has told of, the newest last. */
export class AuditedProjects {
  #projects: readonly string[];

  constructor(projects: readonly string[]) {
    this.#projects = projects;
  }

  list(): readonly string[] {
    return this.#projects;
  }

  /** Returns false if the project was noted before. */
  note(project: string): boolean {
    if (this.#projects.includes(project)) return false;
    this.#projects = [...this.#projects, project].slice(-KEPT);
    return true;
  }
}
