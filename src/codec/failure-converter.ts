import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Moves messages and stacks of failures into a payload, which the codec then encrypts. Loaded by its path: by the worker,
 * and into the workflows' bundle. Whoever decodes needs nothing but the codec.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
