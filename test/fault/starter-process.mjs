/** Backends as a process of their own, so that it can be killed: calls of the compiled starter, asked for by messages. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';

const { dist, address } = JSON.parse(process.argv[2]);
const { Renders } = await import(pathToFileURL(join(dist, 'index.js')).href);
const connection = await Connection.connect({ address });
const client = new Client({ connection });

process.on('message', (message) => void answer(message));

async function answer({ id, taskQueue, call, args }) {
  try {
    const renders = new Renders({ client, taskQueue });
    process.send({ id, value: await renders[call](...args) });
  } catch (error) {
    const { code = 'bug', message, project, state, outcome } = error;
    process.send({ id, error: { code, message, project, state, outcome } });
  }
}

process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
