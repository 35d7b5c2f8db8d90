import type { Bed } from '../bed.js';
import { type Summary, summary } from '../measure/statistics.js';
import { CARD } from '../movies.js';
import type { Plan } from '../plan.js';

/** Later than the submission has ended, so that nothing of it is measured. */
const WEBHOOK_AFTER_MS = 400;

/** From the provider's sending of the webhook to the caller's video; provider and caller share the machine's clock. */
export async function measureWebhookToOutcome(bed: Bed, plan: Plan, run: string): Promise<Summary> {
  const doneAtMs = new Map<string, number>();
  for (let sample = 0; sample < plan.samples; sample += 1) {
    const key = `${run}-outcome-${sample}`;
    await bed.fake.fault({
      match: { key },
      effect: { kind: 'webhook', action: 'late', ms: WEBHOOK_AFTER_MS },
      times: 1,
    });
    await bed.renders.render(key, CARD);
    doneAtMs.set(key, Date.now());
  }
  const timesMs = (await bed.fake.movies()).flatMap(({ key, webhooks }) => {
    const atMs = doneAtMs.get(key ?? '');
    const sentAt = webhooks.at(-1)?.at;
    return atMs === undefined || sentAt === undefined ? [] : [atMs - Date.parse(sentAt)];
  });
  if (timesMs.length !== plan.samples) throw new Error(`only ${timesMs.length} webhooks were sent`);
  return summary(timesMs);
}
