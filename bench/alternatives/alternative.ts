/** One way to render once, behind what a backend asks of it. */
export interface Alternative {
  /** Asks for a render and waits for the provider's project. */
  readonly submit: (key: string, movie: object) => Promise<string>;
  /** Waits for the video of a key that was asked for. */
  readonly result: (key: string) => Promise<{ readonly url: string }>;
  /** The processes that do its work; the Postgres that several share is not among them. */
  readonly processIds: readonly number[];
  /** Kills with SIGKILL the process that talks to the provider, as a crash does, and starts another in its place. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface AlternativeOptions {
  /** Base URL of the provider. */
  readonly provider: string;
  readonly apiKey: string;
  /** An empty Postgres database of its own. */
  readonly databaseUrl: string;
  /** A folder of its own, for what it keeps on disk. */
  readonly directory: string;
  /**
   * How often the step that pays is tried before it counts as failed. `documented`: as the tool's own pages advise
   * for calls over the network. `one`: never again, which is what a careful user would set for a call that costs
   * money. Means nothing to those that have no steps.
   */
  readonly payAttempts: 'documented' | 'one';
}

export type StartAlternative = (options: AlternativeOptions) => Promise<Alternative>;
