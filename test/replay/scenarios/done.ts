import { renderWebhook } from '../../../src/workflows/messages.js';
import { until } from '../../support/until.js';
import { hintAfter } from './acts.js';
import {
  DONE,
  ERROR,
  GONE,
  MISSING,
  meets,
  refused,
  replyAtGate,
  RUNNING,
  says,
  TIMEOUT,
  UNREADABLE,
} from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

/** Renders that were accepted at once, and end with a video. */
export const DONE_SCENARIOS: readonly Scenario[] = [
  { name: 'done-by-polling', end: 'done', given: [says([[90, RUNNING]], DONE)] },
  {
    name: 'done-by-webhook',
    end: 'done',
    webhooks: true,
    given: [says([[20, RUNNING]], DONE)],
    happens: hintAfter(25),
  },
  {
    name: 'done-by-webhook-while-polling',
    end: 'done',
    given: [says([[90, RUNNING]], DONE)],
    happens: hintAfter(21),
  },
  {
    name: 'done-with-webhooks-lost',
    end: 'done',
    webhooks: true,
    given: [says([[100, RUNNING]], DONE)],
  },
  {
    name: 'done-by-hint-before-acceptance',
    end: 'done',
    webhooks: true,
    given: [replyAtGate],
    happens: async ({ provider, handle, gate }) => {
      await until('the movie is accepted', () => provider.accepted.length === 1);
      await handle.signal(renderWebhook, { project: 'project000000001', status: 'done' });
      gate.open();
    },
  },
  {
    name: 'done-after-early-hint',
    end: 'done',
    webhooks: true,
    given: [says([[50, RUNNING]], DONE)],
    happens: hintAfter(20),
  },
  {
    name: 'done-after-hint-about-another',
    end: 'done',
    webhooks: true,
    given: [says([[40, RUNNING]], DONE)],
    happens: hintAfter(20, 'somebody-elses-00'),
  },
  {
    name: 'done-after-unreadable-confirmation',
    end: 'done',
    webhooks: true,
    given: [says([[22, UNREADABLE]], DONE)],
    happens: hintAfter(20),
  },
  {
    name: 'done-after-refusals',
    end: 'done',
    given: [meets(refused(429, 'slow down'), refused(400, 'Insufficient credits'))],
  },
  {
    name: 'done-after-brief-error',
    end: 'done',
    given: [
      says(
        [
          [30, RUNNING],
          [70, ERROR],
          [120, RUNNING],
        ],
        DONE,
      ),
    ],
  },
  { name: 'done-after-late-file', end: 'done', given: [says([[40, GONE]], DONE)] },
  { name: 'done-after-missing-project', end: 'done', given: [says([[300, MISSING]], DONE)] },
  {
    name: 'done-after-timeout-status',
    end: 'done',
    given: [
      says(
        [
          [900, RUNNING],
          [2_400, TIMEOUT],
        ],
        DONE,
      ),
    ],
  },
  {
    name: 'done-at-last-check',
    end: 'done',
    options: { renderTimeoutSeconds: 600 },
    given: [says([[599, RUNNING]], DONE)],
  },
];
