/**
 * Callers of the compiled starter as a process of their own, whose clock may be set otherwise (`set-clock.mjs`). Calls
 * come as messages. `abortMs` gives a call a signal that is aborted after that time, in the last object of its arguments.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';

const { dist, address } = JSON.parse(process.argv[2]);
const { Renders } = await import(pathToFileURL(join(dist, 'index.js')).href);
const connection = await Connection.connect({ address, connectTimeout: 30_000 });
const client = new Client({ connection });

process.on('message', (message) => void answer(message));

async function answer({ id, taskQueue, call, args, abortMs }) {
  const signal = abortMs === undefined ? undefined : AbortSignal.timeout(abortMs);
  try {
    const renders = new Renders({ client, taskQueue });
    const given = signal === undefined ? args : [...args.slice(0, -1), { ...args.at(-1), signal }];
    process.send({ id, value: (await renders[call](...given)) ?? {} });
  } catch (error) {
    const { code, next, name, message, project, state, outcome } = error;
    const isTyped = typeof code === 'string' && typeof next === 'string';
    const wasAborted = signal?.aborted === true && error === signal.reason;
    process.send({
      id,
      error: {
        code: typeof code === 'string' ? code : name,
        isTyped,
        wasAborted,
        message,
        project,
        state,
        outcome,
      },
    });
  }
}

process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
