import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Context as ActivityContext } from '@temporalio/activity';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  defaultPayloadConverter,
  type Headers,
} from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { OnRequest } from '../json2video/client.js';
import { isJsonObject } from '../text/json.js';
import { TRACE_HEADER } from '../workflows/messages.js';

const tracer = trace.getTracer('renderonce');

/** Makes a span of each attempt of an activity, in the trace that started its render. */
export function traceActivities({ info }: ActivityContext): ActivityInterceptors {
  const attributes = { 'renderonce.key': info.workflowExecution?.workflowId ?? '', attempt: info.attempt };
  return {
    inbound: {
      execute: (input, next) =>
        tracer.startActiveSpan(
          `RunActivity:${info.activityType}`,
          { attributes },
          contextIn(input.headers),
          async (span) => {
            try {
              return await next(input);
            } catch (error) {
              if (!isWaiting(error)) span.setStatus({ code: SpanStatusCode.ERROR });
              throw error;
            } finally {
              span.end();
            }
          },
        ),
    },
  };
}

/** Makes a span of each request to the provider; sends the provider nothing of the trace. */
export const traceRequests: OnRequest = (call) => {
  const method = call === 'create' ? 'POST' : 'GET';
  const span: Span = tracer.startSpan(`JSON2Video ${call}`, {
    kind: SpanKind.CLIENT,
    attributes: { 'http.request.method': method },
  });
  return (status) => {
    if (typeof status === 'number') span.setAttribute('http.response.status_code', status);
    else span.setAttribute('error.type', status);
    if (typeof status !== 'number' || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
};

function contextIn(headers: Headers): Context {
  const payload = headers[TRACE_HEADER];
  const carrier: unknown = payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload);
  return isJsonObject(carrier) ? propagation.extract(context.active(), carrier) : context.active();
}

/** True if an activity failed only to be repeated later, which is no error. */
function isWaiting(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.category === ApplicationFailureCategory.BENIGN;
}
