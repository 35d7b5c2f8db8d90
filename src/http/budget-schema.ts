import { z } from 'zod';
import { BUDGET_PERIODS } from '../render/budget.js';

const time = z.string().meta({ format: 'date-time' });
const budgetTerms = {
  limit: z.number().int(),
  per: z.enum(BUDGET_PERIODS),
  soft: z.number().int(),
  unknown: z.number().int(),
};
const sums = { posted: z.number(), reserved: z.number(), inDoubt: z.number() };

/** A budget in its present window. */
export const budgetSchema = z
  .object({
    name: z.string(),
    ...budgetTerms,
    window: z.object({ start: time, end: time.nullable() }).describe('In UTC; a total has no end'),
    ...sums,
    left: z.number(),
    overrun: z.number().describe('The part of posted that no reservation had covered'),
    reached: z
      .object({ soft: z.boolean(), limit: z.boolean() })
      .describe('True if this window has reached its soft limit, or denied credits'),
    all: z.object(sums).describe('Credits of all windows'),
    reservations: z.object({ open: z.number().int(), inDoubt: z.number().int() }),
    changes: z.array(z.object({ ...budgetTerms, by: z.string(), why: z.string(), at: time })),
  })
  .meta({ id: 'Budget' });
