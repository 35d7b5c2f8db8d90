import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Moves messages and stacks of failures into a payload, which the codec then encrypts. The worker and the bundle of the
 * workflows load it by its path. Readers need the codec only.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
