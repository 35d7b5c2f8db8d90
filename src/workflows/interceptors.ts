import type { Headers } from '@temporalio/common';
import { type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { ATTRIBUTES, TRACE_HEADER } from './messages.js';

/**
 * Adds the project to the log lines of a run as soon as it has one; the SDK adds the key. Passes the trace of the start on
 * to the activities. Has updates handled after all that came with them, so that a reset run replays as it ran.
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

function isUpdate({ doUpdate }: { readonly doUpdate?: object | null }): boolean {
  return doUpdate !== undefined && doUpdate !== null;
}
