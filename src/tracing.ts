/**
 * Traces for backends: their calls and all that a worker with tracing does for them are one trace. Needs the optional
 * peer `@opentelemetry/api`, and an OpenTelemetry SDK that the backend has registered.
 *
 * @module renderonce/tracing
 */
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from './workflows/messages.js';

/**
 * An interceptor for the client that `Renders` is given. Each start of a render becomes a span, and its context travels
 * with the render, in the header that Temporal's own tracing interceptors use.
 *
 * @example
 * const client = new Client({ connection, interceptors: { workflow: [traceRenders()] } });
 */
export function traceRenders(): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) =>
      inSpan(`StartWorkflow:${input.workflowType}`, input.options.workflowId, () =>
        next({ ...input, headers: withContext(input.headers) }),
      ),
    startUpdateWithStart: (input, next) =>
      inSpan(`UpdateWithStartWorkflow:${input.updateName}`, input.workflowStartOptions.workflowId, () =>
        next({ ...input, workflowStartHeaders: withContext(input.workflowStartHeaders) }),
      ),
  };
}

function withContext(headers: Headers): Headers {
  const carrier = {};
  propagation.inject(context.active(), carrier);
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) };
}

async function inSpan<T>(name: string, key: string, work: () => Promise<T>): Promise<T> {
  const options = { kind: SpanKind.CLIENT, attributes: { 'renderonce.key': key } };
  return trace.getTracer('renderonce').startActiveSpan(name, options, async (span: Span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
