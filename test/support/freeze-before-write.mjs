import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Loaded into a worker before all else (`NODE_OPTIONS=--import`): the process stops itself, as a SIGSTOP from outside
 * would, with the POST of one key in its hands. The engine has given its go-ahead, the worker has checked its deadline
 * for the last time, and the kernel has not been given a byte. SIGCONT lets it go on with the write.
 */
const key = process.env.FREEZE_POST_OF;
const { value: writeAll } = Object.getOwnPropertyDescriptor(Socket.prototype, '_writev');

/** The last step of JavaScript before the system call. */
function freezeAndWrite(chunks, done) {
  const text = chunks.map(({ chunk }) => chunk.toString()).join('');
  if (text.startsWith('POST /v2/movies ') && text.includes(`"key":"${key}"`)) {
    writeSync(2, 'stopping before the write\n');
    process.kill(process.pid, 'SIGSTOP');
  }
  return writeAll.call(this, chunks, done);
}
Object.defineProperty(Socket.prototype, '_writev', { value: freezeAndWrite });
