import { setMaxListeners } from 'node:events';

/** Aborted once, when the fake closes. Any number of waits may listen to it at a time, which is no leak. */
export function closingController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
