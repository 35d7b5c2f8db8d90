import { createHash } from 'node:crypto';

/** The place of a video in a store. */
interface VideoName {
  readonly namespace: string;
  readonly key: string;
  readonly project: string;
}

/** Returns the path of a video in a store. The key is hashed: it may be long, and holds any character. */
export function videoPath({ namespace, key, project }: VideoName): string {
  const digest = createHash('sha256').update(key, 'utf8').digest('hex');
  return `${segment(namespace)}/${digest}/${segment(project)}.mp4`;
}

/** Writes text from outside as one segment of a path, which never begins with a dot. `=` needs no escape in addresses. */
function segment(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte, at) => {
      const character = String.fromCharCode(byte);
      const isPlain = /[\w-]/.test(character) || (character === '.' && at > 0);
      return isPlain ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
