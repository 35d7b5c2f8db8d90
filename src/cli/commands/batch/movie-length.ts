import { isJsonObject } from '../../../text/json.js';

/** The length of a movie in seconds where its scenes tell it all; of templates and natural lengths nothing is known here. */
export function movieLengthSeconds(movie: unknown): number | undefined {
  const scenes = isJsonObject(movie) && movie['template'] === undefined ? movie['scenes'] : undefined;
  if (!Array.isArray(scenes) || scenes.length === 0) return undefined;
  let seconds = 0;
  for (const scene of scenes) {
    const duration: unknown = isJsonObject(scene) ? scene['duration'] : undefined;
    // -1 and -2 stand for natural lengths.
    if (typeof duration !== 'number' || !(duration > 0)) return undefined;
    seconds += duration;
  }
  return seconds;
}
