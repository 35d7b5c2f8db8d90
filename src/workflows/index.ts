export { afterRender } from './after-render.js';
export { announce } from './announce.js';
export { budget } from './budget.js';
export { renderMovie } from './render-movie.js';
export { reviewRender } from './review-render.js';
