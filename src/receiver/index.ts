export { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
export { signToken, verifyToken } from './callback-token.js';
export { createWebhookHandler, type WebhookHandlerOptions } from './handler.js';
export { createWebhookListener, type NodeRequest } from './listener.js';
export { type Receiver, type ReceiverOptions, startReceiver } from './server.js';
