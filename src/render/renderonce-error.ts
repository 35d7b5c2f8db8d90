/** Key, project and cause of an error, as far as they are known. */
export interface About {
  readonly key?: string;
  readonly project?: string;
  readonly cause?: unknown;
}

/**
 * Base of all errors that callers meet. `code` is stable and equals the class name, so that it survives
 * serialisation and duplicate package copies. `next` gives the next step of the caller as one sentence.
 */
export abstract class RenderonceError extends Error {
  abstract readonly code: string;
  abstract readonly next: string;
  readonly key?: string;
  readonly project?: string;

  constructor(message: string, about: About = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.name = new.target.name;
    if (about.key !== undefined) this.key = about.key;
    if (about.project !== undefined) this.project = about.project;
  }
}
