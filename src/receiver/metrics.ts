import type { Server } from 'node:http';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type AnsweredDelivery, ANSWERS } from './delivery.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 5];

/**
 * Counts the dropped connections of a server, and returns a function that counts and times deliveries. No label is a key
 * or a project: that would make a series for each render.
 */
export function meterReceiver(server: Server, registry: Registry): (delivery: AnsweredDelivery) => void {
  const registers = [registry];
  const dropped = new Counter({
    name: 'renderonce_receiver_dropped_connections_total',
    help: 'Connections dropped because too many were open',
    registers,
  });
  server.on('drop', () => dropped.inc());
  const deliveries = new Counter({
    name: 'renderonce_webhook_deliveries_total',
    help: 'Webhook deliveries by answer',
    labelNames: ['answer'],
    registers,
  });
  for (const answer of Object.keys(ANSWERS)) deliveries.inc({ answer }, 0);
  const seconds = new Histogram({
    name: 'renderonce_webhook_seconds',
    help: 'Time to answer a webhook delivery',
    buckets: SECONDS,
    registers,
  });
  return ({ answer, ms }) => {
    deliveries.inc({ answer });
    seconds.observe(ms / 1_000);
  };
}
