import { setMaxListeners } from 'node:events';

/** Makes the controller that is aborted when the server closes. Many waits may listen to it: that is no leak. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
