import type { RenderOptionsInput } from '../../../render/options.js';

/** What one line of a batch asks for. */
export interface BatchOrder {
  readonly key: string;
  /** Checked when it is submitted, as any caller's. */
  readonly movie: unknown;
  readonly options: RenderOptionsInput;
}

interface LineHead {
  /** Its number in the file, from 1; of a record over several lines the first. */
  readonly line: number;
  /** As it stands in the file; absent where it cannot be kept. */
  readonly raw?: string;
  readonly sizeBytes: number;
}

/** One line of a batch: an order, or what is wrong with the line. */
export type BatchLine = LineHead & ({ readonly order: BatchOrder } | { readonly problem: string });
