import type { Plant } from '../../support/planted-dist.js';
import type { Sighting, Violation } from '../check.js';
import type { FaultStage } from '../fault-stage.js';

/** Where a scenario plays. */
export interface Ground {
  /** The folder of the compiled project under test: sound, or with a bug planted. */
  readonly dist: string;
  /** The workflow of that code, bundled. */
  readonly bundle: () => Promise<string>;
  /** Real engine, provider and receiver, shared by all scenarios. */
  readonly stage: FaultStage;
  /** Path of the time-skipping engine, for what would take minutes on the real one. */
  readonly timeSkipping: string;
}

/** Something that happens to renders, and that sound code gets through without a violation. */
export interface ControlScenario {
  readonly name: string;
  play(ground: Ground): Promise<Sighting>;
}

/** A bug that somebody might well write one day. */
export interface Bug {
  readonly name: string;
  readonly plants: readonly Plant[];
  /** What happens when it shows. */
  readonly scenario: ControlScenario;
  /** What the checker then says is broken. */
  readonly breaks: Violation['rule'];
  /** How it says so: a bug that breaks something else is not caught but broken itself. */
  readonly shows: RegExp;
}
