import type { Quote } from '../../../src/movie/quote.js';

/** A movie and its quote. */
export interface QuotedMovie {
  readonly name: string;
  readonly movie: object;
  readonly credits: number;
  readonly bound: Quote['bound'];
}

export const text = { type: 'text', text: 'Hello' };
export const photo = { type: 'image', src: 'https://cdn.example.com/a.jpg' };
export const clip = { type: 'video', src: 'https://cdn.example.com/a.mp4' };
export const song = { type: 'audio', src: 'https://cdn.example.com/a.mp3' };
export const scene = (duration: unknown, ...elements: object[]): object => ({ duration, elements });
export const natural = (...elements: object[]): object => ({ elements });

export const row = (name: string, movie: object, credits: number, bound: Quote['bound']): QuotedMovie => ({
  name,
  movie,
  credits,
  bound,
});
