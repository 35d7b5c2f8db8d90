import { Gauge, type Registry } from 'prom-client';
import type { Census } from './census.js';

/**
 * Gauges that a census fills when they are read, all of them one; where the engine does not answer they are absent rather
 * than old.
 */
export function watchRenders(registry: Registry, census: Pick<Census, 'take'>): void {
  stateGauge(registry, ['renderonce_renders', 'Renders under way in the namespace, by state'], async () => {
    const { renders } = await census.take();
    return renders;
  });
  const ages = [
    'renderonce_oldest_render_age_seconds',
    'Time since the start of the oldest render in a state',
  ] as const;
  stateGauge(registry, ages, async () => {
    const { oldestAgeSeconds } = await census.take();
    return oldestAgeSeconds;
  });
  const isUp: Gauge = new Gauge({
    name: 'renderonce_engine_up',
    help: '1 where the engine told how many renders are where, else 0',
    registers: [registry],
    collect: async () => {
      const count = await census.take().catch(() => undefined);
      isUp.set(count === undefined ? 0 : 1);
    },
  });
}

function stateGauge(
  registry: Registry,
  [name, help]: readonly [string, string],
  read: () => Promise<ReadonlyMap<string, number>>,
): void {
  const gauge: Gauge<'state'> = new Gauge({
    name,
    help,
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      const values = await read().catch(() => undefined);
      gauge.reset();
      for (const [state, value] of values ?? []) gauge.set({ state }, value);
    },
  });
}
