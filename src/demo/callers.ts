import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { UnfinishedRender } from '../render/errors.js';
import { messageOf } from '../text/text.js';
import { Renders } from '../starter.js';

/** What one caller was told. */
export interface CallerSaw {
  readonly state: string;
  readonly project: string;
  readonly message?: string;
}

/** Asks for a render and waits for its end, as a backend does. */
export async function callOnce(renders: Renders, ...call: Parameters<Renders['render']>): Promise<CallerSaw> {
  try {
    const { status, project } = await renders.render(...call);
    return { state: status, project };
  } catch (error) {
    const outcome = error instanceof UnfinishedRender ? error.outcome : undefined;
    return { state: outcome?.status ?? 'error', project: outcome?.project ?? '', message: messageOf(error) };
  }
}

/** What a process of callers is told by the one that forks it. */
export const callersTask = z.object({
  address: z.string(),
  namespace: z.string(),
  key: z.string(),
  movie: z.looseObject({}),
  callers: z.number(),
});

/** Run as a process of its own: concurrent callers with a connection of theirs. */
async function callTogether(task: z.infer<typeof callersTask>): Promise<CallerSaw[]> {
  const connection = await Connection.connect({ address: task.address });
  const renders = new Renders({ client: new Client({ connection, namespace: task.namespace }) });
  const calls = Array.from({ length: task.callers }, () => callOnce(renders, task.key, task.movie));
  const saw = await Promise.all(calls);
  await connection.close();
  return saw;
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.send) {
  process.once('message', (message) => {
    void callTogether(callersTask.parse(message)).then((saw) => {
      process.send?.(saw);
      process.disconnect();
    });
  });
}
