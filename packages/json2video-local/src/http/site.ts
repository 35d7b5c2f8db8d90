import type { VideoFile } from '../movies/movie.js';

/** Where this fake and its files are on the web. */
export class Site {
  /** The fake's own URL, without a slash at the end; empty until it listens. */
  url = '';
  /** The account's folder in file URLs. */
  readonly #clientId: string;

  constructor(clientId: string) {
    this.#clientId = clientId;
  }

  /** @param ending without the dot: `mp4`, `ass` or `png` */
  fileUrl(file: VideoFile, ending: string): string {
    return `${this.url}/clients/${this.#clientId}/renders/${file.stem}.${ending}`;
  }
}
