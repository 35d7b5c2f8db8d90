import { RenderonceError } from './renderonce-error.js';

/** There is no copy of the video: none was to be made, or the video was lost before it could be copied. */
export class NotKept extends RenderonceError {
  readonly code = 'NotKept';
  readonly next = 'Set RENDERONCE_KEEP on the workers, or pass keep: true, before a render is submitted.';
}
