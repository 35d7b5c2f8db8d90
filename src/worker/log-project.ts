import type { ActivityInterceptors } from '@temporalio/worker';
import { isJsonObject } from '../text/json.js';

/** Lines of an activity's log name the project that it is about, where it is about one; the key they name anyway. */
export function logProject(): ActivityInterceptors {
  let about = {};
  return {
    inbound: {
      execute: (input, next) => {
        const [request] = input.args;
        if (isJsonObject(request) && typeof request['project'] === 'string') {
          about = { project: request['project'] };
        }
        return next(input);
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...about }) },
  };
}
