import { prepareCall } from '../../src/starter/prepare.js';
import type { JsonObject } from '../../src/text/json.js';

export const METADATA = 'http://169.254.169.254/latest/meta-data/';

export const movieWith = (element: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...more,
  scenes: [{ elements: [element] }],
});
export const html = (markup: string, more: JsonObject = {}): JsonObject =>
  movieWith({ type: 'html', html: markup }, more);
export const component = (settings: JsonObject): JsonObject =>
  movieWith({ type: 'component', component: 'basic/001', settings });
export const uploadTo = (destination: JsonObject): JsonObject => ({
  scenes: [],
  exports: [{ destinations: [destination] }],
});
/** Prepares a call with the movie, which throws if the movie is refused. */
export const check = (movie: JsonObject) => () => void prepareCall('order-1', movie, {});
