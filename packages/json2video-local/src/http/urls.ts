import type { VideoFile } from '../movies/movie.js';

/** The addresses of this server and of its files. */
export class Site {
  /** The server's own URL, without a slash at the end; empty until it listens. */
  url = '';
  /** The account's folder in file URLs. */
  clientId: string;

  constructor(clientId: string) {
    this.clientId = clientId;
  }

  /** @param ending without the dot: `mp4`, `ass` or `png` */
  fileUrl(file: VideoFile, ending: string): string {
    return `${this.url}/clients/${this.clientId}/renders/${file.stem}.${ending}`;
  }
}

/** Returns `project`, or its alias `id`; undefined if the call does not name a single movie. */
export function projectParameter(query: URLSearchParams): string | undefined {
  const project = query.get('project') ?? query.get('id');
  return project === null || project === '' ? undefined : project;
}

/** Returns the file name without ending of a path such as `/clients/ID/renders/2026-11-02-0123456789abcdef.mp4`. */
export function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.[a-z0-9]+$/, '');
}
