import type { Headers } from '@temporalio/common';
import { type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { RENDER_PROJECT, TRACE_HEADER } from './messages.js';

/**
 * Lines of a run's log name its project from the moment when it has one; the key they name anyway. The trace in which a
 * run was started is handed on to its activities, where there is one.
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
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        getLogAttributes: (attributes, next) => {
          const project = workflowInfo().typedSearchAttributes.get(RENDER_PROJECT);
          return next(project === undefined ? attributes : { ...attributes, project });
        },
      },
    ],
  };
}
