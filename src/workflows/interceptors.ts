import type { Headers, Payload } from '@temporalio/common';
import { type ActivateInput, type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes.js';
import { ATTRIBUTES, CODEC_ENCODINGS, TRACE_HEADER, WORKFLOWS } from './messages.js';

/**
 * Adds the project to the log lines of a run as soon as it has one; the SDK adds the key. Passes the trace of the start on
 * to the activities. Has updates handled after all that came with them, so that a reset run replays as it ran. Ignores payloads of
 * signals, and of a render's start, that nobody can read: the SDK decodes them before any handler could refuse them.
 */
export function interceptors(): WorkflowInterceptors {
  let trace: Headers = {};
  const traced = <T extends { readonly headers: Headers }>(input: T): T => ({
    ...input,
    headers: { ...input.headers, ...trace },
  });
  return {
    inbound: [
      {
        execute: (input, next) => {
          const payload = input.headers[TRACE_HEADER];
          if (payload !== undefined) trace = { [TRACE_HEADER]: payload };
          return next(input);
        },
      },
    ],
    internals: [
      {
        // A reset reapplies updates in the order of events, but a replay gives them to the run after the signals that follow.
        activate: (input, next) => {
          dropUnreadable(input.activation.jobs ?? []);
          input.activation.jobs?.sort((one, other) => Number(isUpdate(one)) - Number(isUpdate(other)));
          next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        getLogAttributes: (attributes, next) => {
          const project = workflowInfo().typedSearchAttributes.get(ATTRIBUTES.project);
          return next(project === undefined ? attributes : { ...attributes, project });
        },
      },
    ],
  };
}

type Jobs = NonNullable<ActivateInput['activation']['jobs']>;

/**
 * Only what any client may write is dropped. A result of an activity that cannot be read still fails the task: it may be
 * the record of a payment. The start of a budget holds its record, so it is not dropped either.
 */
function dropUnreadable(jobs: Jobs): void {
  for (const { signalWorkflow, initializeWorkflow } of jobs) {
    if (signalWorkflow && isUnreadable(signalWorkflow.input)) signalWorkflow.input = [];
    const isRender = initializeWorkflow?.workflowType === WORKFLOWS.render;
    if (isRender && isUnreadable(initializeWorkflow.arguments)) initializeWorkflow.arguments = [];
  }
}

/** Returns true if the run's own data converter cannot read a payload, and no codec can have made it. */
function isUnreadable(payloads: readonly Payload[] | null | undefined): boolean {
  const { namespace, workflowId } = workflowInfo();
  const context = { type: 'workflow', namespace, workflowId } as const;
  const { payloadConverter } = getActivator();
  return (payloads ?? []).some((payload) => {
    try {
      payloadConverter.fromPayload(payload, context);
      return false;
    } catch {
      const encoding = payload.metadata?.['encoding'];
      return !CODEC_ENCODINGS.test(String.fromCharCode(...(encoding?.subarray(0, 100) ?? [])));
    }
  });
}

function isUpdate({ doUpdate }: { readonly doUpdate?: object | null }): boolean {
  return doUpdate !== undefined && doUpdate !== null;
}
