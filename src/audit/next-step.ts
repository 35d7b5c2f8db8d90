import { shellWord } from '../text/shell-word.js';
import type { RunFacts } from './engine-facts.js';

/** A key's projects that no run knows, and what the engine knows of the key. */
export interface Loose {
  readonly key: string;
  /** The oldest first. */
  readonly projects: readonly string[];
  /** The key's current run; absent where the engine knows no such key. */
  readonly run: RunFacts | undefined;
  /** Whether the engine may have forgotten a run that knew them. */
  readonly isForgotten: boolean;
}

/** What to do about a key's movies, as a sentence with the exact command. */
export function nextStep({ key, projects, run, isForgotten }: Loose): string {
  const name = shellWord(key);
  const [project] = projects;
  if (project === undefined) {
    return `Nothing is lost but credits: each movie belongs to a run of this key. \`renderonce status ${name}\` shows the last.`;
  }
  if (isForgotten) return 'Nothing can be done: the engine has forgotten what became of this key.';
  if (run === undefined) {
    return (
      'The engine knows no such key. Take the movie over instead of paying again: ' +
      `\`renderonce submit ${name} MOVIE.json --look-from TIME\`, with the same movie and a time before it was created.`
    );
  }
  if (run.project !== undefined) {
    return (
      `The callers have project ${run.project}; nobody waits for ${projects.join(', ')}, whose credits are spent. ` +
      `\`renderonce status ${name}\` shows how it came about.`
    );
  }
  return byState(name, project, run);
}

function byState(name: string, project: string, { state }: RunFacts): string {
  const again = `\`renderonce submit ${name} MOVIE.json`;
  const looks = 'with the same movie, which looks before it sends';
  switch (state) {
    case 'held':
    case 'unknown':
      return `Hand it to its key: \`renderonce resolve ${name} --adopt ${project} --why 'found by audit'\`.`;
    case 'waiting':
      return `The movie is about to be sent again: \`renderonce cancel ${name}\` now, then take it over: ${again}\` ${looks}.`;
    case 'abandoned':
      return `Take it over: ${again} --restart\` ${looks}.`;
    default:
      return `Take it over: ${again}\` ${looks}; if that is refused, \`renderonce status ${name}\` tells why.`;
  }
}
