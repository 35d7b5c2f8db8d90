/**
 * Verifies events in the backend that receives them. Needs no engine and no worker.
 *
 * @module renderonce/events
 */
export { EventInvalid, type RenderEvent, verifyEvent } from './verify.js';
