import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { CallerSaw, callersTask } from './callers.js';

const CALLERS = fileURLToPath(new URL('./callers.js', import.meta.url));

const seen = z.array(z.object({ state: z.string(), project: z.string(), message: z.string().optional() }));

/** Lets a process of its own call, and hands on what its callers were told. */
export function callInProcess(task: z.infer<typeof callersTask>): Promise<CallerSaw[]> {
  return new Promise((resolve, reject) => {
    const child = fork(CALLERS, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('message', (message) => {
      const saw = seen.safeParse(message);
      if (saw.success)
        resolve(
          saw.data.map(({ message: text, ...rest }) =>
            text === undefined ? rest : { ...rest, message: text },
          ),
        );
      else reject(new Error('a process of callers sent something else than what they were told'));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a process of callers ended with ${code}`)));
    child.send(task);
  });
}
