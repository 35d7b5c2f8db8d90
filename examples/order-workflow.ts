/** An order that waits for its video, as a workflow of your own. `order-worker.ts` runs it. */
import { renderFailureOf, renderKey, renderOnce } from 'renderonce/workflow';

export interface Order {
  readonly id: string;
  readonly customer: string;
}

export interface FulfilledOrder {
  readonly order: string;
  /** Address of the video; absent if the order goes out without one. */
  readonly video?: string;
  readonly reason?: string;
}

export async function fulfilOrder({ id, customer }: Order): Promise<FulfilledOrder> {
  const key = renderKey('order', id, 'promo-video'); // derived from the order: a retry, a reset and a second workflow meet one render
  const movie = {
    comment: `Promo video of order ${id}`,
    scenes: [{ duration: 5, elements: [{ type: 'text', text: `Thank you, ${customer}!`, style: '001' }] }],
  };
  try {
    const { url } = await renderOnce(key, movie, { waitSeconds: 30 * 86_400 });
    return { order: id, video: url };
  } catch (error) {
    const failure = renderFailureOf(error); // undefined for a cancel, and for a timeout
    const isWithoutVideo = failure?.code === 'RenderFailed' || failure?.code === 'MovieRejected';
    if (!isWithoutVideo) throw error; // fails the order, as IdempotencyKeyReused does: this order has another movie
    return { order: id, reason: failure.message };
  }
}
