import { z } from 'zod';

import { quirksSchema } from './quirks.js';

/** A quirk in words, for the control interface, the docs and their test. */
export interface QuirkView {
  readonly name: string;
  /** The contradiction it belongs to, `C1` to `C21`, or `-`. */
  readonly of: string;
  readonly about: string;
  /** Its positions, the default first; empty where it takes any number. */
  readonly positions: readonly (string | number)[];
}

const meta = z.object({ of: z.string(), about: z.string() });

/** Every quirk in words. */
export function quirkTable(): QuirkView[] {
  return Object.entries(quirksSchema.shape).map(([name, position]) => {
    const positions = position instanceof z.ZodLiteral ? [...position.values] : [];
    return { name, ...meta.parse(position.meta()), positions };
  });
}
