import { WorkflowUpdateFailedError } from '@temporalio/client';
import { submitUpdate } from '../../../src/workflows/messages.js';
import { DONE, ERROR, replyAtGate, RUNNING, says, takenButLost } from '../../support/provider-setups.js';
import { until } from '../../support/until.js';
import { DAY, PROJECT, scripted } from './scripted.js';
import { KEY } from './skipped-run.js';

export const LATE_LIST = scripted({
  name: 'the reply to the POST is lost, and the list shows the movie 200 s later',
  ends: 'done',
  given: [takenButLost(200)],
});

export const UNLISTED = scripted({
  name: 'the reply to the POST is lost, the list never shows the movie, and the webhook comes',
  ends: 'done',
  webhooks: true,
  given: [takenButLost(DAY)],
  happens: async ({ env, report }) => {
    await env.sleep('2 seconds');
    await report(PROJECT, 'done');
  },
});

export const CANCEL_WHILE_SENDING = scripted({
  name: 'the render is cancelled between acceptance and the reply',
  ends: 'done',
  isCancelled: true,
  given: [replyAtGate, says([], RUNNING)],
  happens: async ({ handle, provider, gate }) => {
    const update = await handle.startUpdate(submitUpdate, {
      updateId: 'submit',
      waitForStage: 'ACCEPTED',
    });
    await until('the movie is accepted', () => provider.accepted.length === 1);
    await handle.cancel();
    await until('the cancel is recorded', async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some((event) => event.activityTaskCancelRequestedEventAttributes);
    });
    gate.open();
    const about = { key: KEY, atMs: Date.now() };
    return update.result().then(
      ({ project }) => [{ ...about, told: 'accepted', project }],
      (error: unknown) => {
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        return [{ ...about, told: 'nothing', message: String(error.cause) }];
      },
    );
  },
});

export const ERROR_AFTER_DONE = scripted({
  name: 'the provider says done, and later, of the same movie, error',
  ends: 'done',
  webhooks: true,
  given: [says([[40, DONE]], ERROR)],
  happens: async ({ env, report }) => {
    await env.sleep('20 seconds');
    await report(PROJECT, 'done');
  },
});

export const BRIEF_ERROR = scripted({
  name: 'the provider says error for a while, retries, and says done',
  ends: 'done',
  given: [
    says(
      [
        [20, RUNNING],
        [40, ERROR],
        [60, RUNNING],
      ],
      DONE,
    ),
  ],
});

export const FORGED_REPORT = scripted({
  name: 'somebody reports done of a render that fails',
  ends: 'error',
  webhooks: true,
  given: [says([[90, RUNNING]], ERROR)],
  happens: async ({ env, report }) => {
    await env.sleep('20 seconds');
    await report(PROJECT, 'done');
  },
});
