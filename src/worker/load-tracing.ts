import type { OnRequest } from '../json2video/client.js';
import { ConfigInvalid } from '../render/errors.js';

/** Loads what makes traces. @throws ConfigInvalid if its package is absent */
export function loadTracing() {
  try {
    import.meta.resolve('@opentelemetry/api');
  } catch {
    throw new ConfigInvalid(
      'traces are switched on, but package @opentelemetry/api is not installed',
      'Run `npm install @opentelemetry/api@1` and register an OpenTelemetry SDK (docs/metrics.md), or switch RENDERONCE_TRACES off.',
    );
  }
  return import('./tracing.js');
}

/** Calls two hooks for each request. */
export function both(one: OnRequest, other: OnRequest): OnRequest {
  return (call) => {
    const ended = [one(call), other(call)];
    return (status) => {
      for (const each of ended) each(status);
    };
  };
}
