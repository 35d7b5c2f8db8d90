export { renderMovie } from './render-movie.js';
