import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Reading } from '../render/reading.js';
import { checksQueueOf, type ReviewRequest } from './messages.js';

/**
 * Asks the provider once about the project of a closed render, whose video may be there after all. The render's own run and
 * outcome stay as they are. Fails if the provider does not answer in three tries.
 */
export async function reviewRender({ project, account }: ReviewRequest): Promise<Reading> {
  const { confirmMovie } = proxyActivities<Activities>({
    taskQueue: checksQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '40s',
    retry: { maximumAttempts: 3, initialInterval: '5s' },
    summary: `Ask about project ${project} once more`,
  });
  return confirmMovie({ project, account });
}
