import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UnfinishedRender } from '../render/errors.js';
import { Renders } from '../starter.js';
import { connectClient } from '../temporal/connect.js';
import { messageOf } from '../text/text.js';

const caller = z.object({ state: z.string(), project: z.string(), message: z.string() });

/** Answer that one caller got; `message` is empty unless the call failed. */
type CallerAnswer = z.infer<typeof caller>;

/** Asks for a render and waits for its end, as a backend does. */
export async function callOnce(
  renders: Renders,
  ...call: Parameters<Renders['render']>
): Promise<CallerAnswer> {
  try {
    const { status, project } = await renders.render(...call);
    return { state: status, project, message: '' };
  } catch (error) {
    const outcome = error instanceof UnfinishedRender ? error.outcome : undefined;
    return { state: outcome?.status ?? 'error', project: outcome?.project ?? '', message: messageOf(error) };
  }
}

const task = z.object({
  address: z.string(),
  namespace: z.string(),
  key: z.string(),
  movie: z.looseObject({}),
  callers: z.number(),
});

/** Calls that one process makes at the same time. */
type CallersTask = z.infer<typeof task>;

const OWN_PATH = fileURLToPath(import.meta.url);

/** Forks a process with callers of its own, and returns their answers. */
export function callInProcess(calls: CallersTask): Promise<CallerAnswer[]> {
  return new Promise((resolve, reject) => {
    const child = fork(OWN_PATH, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('message', (message) => {
      const answers = z.array(caller).safeParse(message);
      if (answers.success) resolve(answers.data);
      else reject(new Error('a process of callers sent no answers'));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a process of callers ended with ${code}`)));
    child.send(calls);
  });
}

async function callTogether(calls: CallersTask): Promise<CallerAnswer[]> {
  const { address, namespace } = calls;
  const client = await connectClient({ connectionOptions: { address }, namespace });
  const renders = new Renders({ client });
  const answers = await Promise.all(
    Array.from({ length: calls.callers }, () => callOnce(renders, calls.key, calls.movie)),
  );
  await client.connection.close();
  return answers;
}

// The forked process runs this file as its program.
if (process.argv[1] === OWN_PATH && process.send) {
  process.once('message', (message) => {
    void callTogether(task.parse(message)).then((answers) => {
      process.send?.(answers);
      process.disconnect();
    });
  });
}
