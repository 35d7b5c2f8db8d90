import type { FaultRuleInput } from 'json2video-local';
import type { JsonObject } from '../../src/text/json.js';
import type { CellKey } from './aim.js';
import type { Case, PointName } from './cell.js';
import type { FaultStage } from './fault-stage.js';
import { LOOK_POINTS } from './points/look.js';

/** The least that the options allow. */
const SETTLE_SECONDS = 30;
const ERROR_GRACE_SECONDS = 10;

/** A caller waits this long at a time, and then asks again. */
const DEADLINE_MS = 5_000;

const SUBMIT_TIMEOUT_SECONDS = 20;

export function cellKeys(id: string, cases: readonly Case[]): readonly CellKey[] {
  return cases.map((each, index) => {
    const { wait, outcome, resubmissions } = each;
    return { ...each, key: `${id}-${index}-${wait}-${outcome}-${resubmissions}` };
  });
}

/** Longer than the part of a request that is let through where a request is cut. */
const PADDING = 'x'.repeat(4_000);

/** A movie that renders, or that the provider accepts and cannot render. */
export function movieOf({ key, outcome }: CellKey): JsonObject {
  const element = outcome === 'error' ? { type: 'video' } : { type: 'text', text: key, style: '001' };
  return { 'client-data': { padding: PADDING }, scenes: [{ duration: 5, elements: [element] }] };
}

export function optionsOf({ wait, resubmissions }: CellKey, submitTimeoutSeconds = SUBMIT_TIMEOUT_SECONDS) {
  return {
    submitTimeoutSeconds,
    settleSeconds: SETTLE_SECONDS,
    errorGraceSeconds: ERROR_GRACE_SECONDS,
    deadlineMs: DEADLINE_MS,
    webhook: wait !== 'poll',
    resubmissions,
  };
}

/** There the reply to the POST is read, so that only its content can be lost. */
const REPLY_IS_READ: ReadonlySet<PointName> = new Set([
  'reply read, not returned',
  'returned, not recorded',
  'completion recorded',
]);

/** Lets each key's case happen to it, whatever else does. */
export async function playCases(
  stage: FaultStage,
  keys: readonly CellKey[],
  point: PointName,
): Promise<void> {
  for (const { key, wait, outcome } of keys) {
    if (outcome === 'lost') {
      const effect: FaultRuleInput['effect'] = REPLY_IS_READ.has(point)
        ? { kind: 'status', code: 502, body: 'Bad Gateway', accept: true }
        : { kind: 'reset-after' };
      await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
    }
    // A forged report would settle the doubt without a look.
    const isLookedFor = outcome === 'lost' && point in LOOK_POINTS;
    if (wait !== 'both' || isLookedFor) continue;
    await stage.fake.fault({ match: { key }, effect: { kind: 'webhook', action: 'forge' } });
  }
}
