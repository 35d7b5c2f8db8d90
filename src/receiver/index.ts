export { parseWebhook, type WebhookClaim } from '../json2video/webhook-payload.js';
