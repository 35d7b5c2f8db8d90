/**
 * Takes the provider's webhooks, as a server or as a handler for your own server.
 *
 * @module renderonce/webhook
 */
export { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
export { signToken, verifyToken } from './callback-token.js';
export type { AnsweredDelivery, DeliveryDependencies } from './delivery.js';
export { createWebhookHandler, type WebhookHandlerOptions } from './handler.js';
export { createWebhookListener, type NodeRequest } from './listener.js';
export { type Receiver, type ReceiverLimits, type ReceiverOptions, startReceiver } from './server.js';
