import type { Aim, CellKey } from '../aim.js';

/** A place in a render's life at which its process can be struck, and the barriers that make the moment last. */
export interface Point {
  /** Puts the barriers up, before any key is asked for. */
  readonly arm?: (aim: Aim) => Promise<void> | void;
  /** Brings the keys there; answers those that stand there for certain, at least one. */
  readonly reach: (aim: Aim) => Promise<readonly CellKey[]>;
  /** For so many keys: longer where the attempt's own timeouts would end the moment too early; else short. */
  readonly submitTimeoutSeconds?: (keys: number) => number;
}
