import type { Bed } from '../bed.js';
import { WEBHOOK_AFTER_MS } from '../plan.js';

/** The provider still renders in no time, and reports it as late as if it had rendered for so long. */
export async function withLateWebhooks<T>({ fake }: Bed, work: () => Promise<T>): Promise<T> {
  await fake.fault({ match: {}, effect: { kind: 'webhook', action: 'late', ms: WEBHOOK_AFTER_MS } });
  try {
    return await work();
  } finally {
    await fake.clearFaults();
  }
}
