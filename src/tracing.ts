/**
 * Traces for backends: a call and the work that a worker with tracing does for it are one trace. Needs the optional peer
 * `@opentelemetry/api`, and an OpenTelemetry SDK that the backend has registered.
 *
 * @module renderonce/tracing
 */
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from './workflows/messages.js';

/**
 * Makes an interceptor for the client of `Renders`. Each start of a render becomes a span, whose context travels with the
 * render in the header of Temporal's own tracing interceptors.
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
