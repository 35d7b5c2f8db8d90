import { Counter, type Registry } from 'prom-client';

/** Creates a counter that begins at 0 for every known value of its label, so that Prometheus sees its first step. */
export function counterBy<L extends string>(
  registry: Registry,
  what: { readonly name: string; readonly help: string },
  label: L,
  values: readonly string[],
): Counter<L> {
  const counter = new Counter({ ...what, labelNames: [label], registers: [registry] });
  for (const value of values) counter.labels(value).inc(0);
  return counter;
}
