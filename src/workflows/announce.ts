import type { AnnounceRequest } from '../render/event.js';
import { Deliveries } from './deliveries.js';

/** Sends one event while its subject goes on. Fails if it could not be delivered; its ID may then be started again. */
export async function announce({ event, notify }: AnnounceRequest): Promise<void> {
  const deliveries = new Deliveries(notify);
  deliveries.send(event);
  await deliveries.ended();
}
