/** A backend as a process of its own, so that it can be killed: calls of the compiled starter, asked for by messages. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';

const { dist, address, taskQueue } = JSON.parse(process.argv[2]);
const { Renders } = await import(pathToFileURL(join(dist, 'index.js')).href);
const connection = await Connection.connect({ address });
const renders = new Renders({ client: new Client({ connection }), taskQueue });

process.on('message', (message) => void answer(message));

async function answer({ id, call, args }) {
  try {
    process.send({ id, value: await renders[call](...args) });
  } catch (error) {
    const { code = 'bug', message, project, state, outcome } = error;
    process.send({ id, error: { code, message, project, state, outcome } });
  }
}

process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
