import type { FakeOptions } from '../../../src/index.js';

/** A movie as a client sends it, and its result at the provider. */
export interface MovieCase {
  readonly name: string;
  readonly movie: object;
  /** The message of a failed render; without it the render is done. */
  readonly fails?: string;
  /** Length of the video; credits are one per started second unless `credits` says otherwise. */
  readonly seconds?: number;
  readonly credits?: number;
  readonly width?: number;
  readonly options?: FakeOptions;
}

export const image = (more: object = {}): object => ({
  type: 'image',
  src: 'https://cdn.example.com/images/house front.jpg',
  ...more,
});
export const video = (more: object = {}): object => ({
  type: 'video',
  src: 'https://cdn.example.com/clips/beach.mp4',
  ...more,
});
export const text = (words: string, more: object = {}): object => ({ type: 'text', text: words, ...more });
export const voice = (words: string, more: object = {}): object => ({
  type: 'voice',
  text: words,
  voice: 'en-US-AriaNeural',
  ...more,
});

/** A speech of so many seconds, at 15 characters a second. */
export const speech = (seconds: number): string => 'word '.repeat(3 * seconds);
