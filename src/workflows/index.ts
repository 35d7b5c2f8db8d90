export { renderMovie } from './render-movie.js';
export { reviewRender } from './review-render.js';
