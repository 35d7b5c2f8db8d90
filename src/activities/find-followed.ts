import { Context } from '@temporalio/activity';
import type { ActivityResults } from '../render/activity-results.js';
import type { AfterEnd, EventType } from '../render/event.js';
import { otherAfterId } from '../temporal/after-ids.js';
import { membersOf } from '../text/json.js';

interface FindFollowedRequest {
  /** ID of the workflow that follows another end of the same chain of runs. */
  readonly id: string;
  readonly key: string;
  readonly firstRunId: string;
  readonly status: AfterEnd['status'];
  readonly type: EventType;
}

/**
 * Creates the activity that reads which end of a chain of runs is followed already, before a reset. Another end is followed
 * under an ID of its own.
 */
export function createFindFollowed() {
  return async function findFollowed({
    id,
    key,
    firstRunId,
    status,
    type,
  }: FindFollowedRequest): Promise<ActivityResults['findFollowed']> {
    const { memo } = await Context.current().client.workflow.getHandle(id).describe();
    if (membersOf<{ type: unknown }>(memo).type === type) return {};
    return { startAs: otherAfterId(key, firstRunId, status) };
  };
}
