/**
 * The receiver of the ceiling, a process of its own as ours is: it signals the run that the path names.
 * Usage: `node receiver.mjs <engine> <namespace>`.
 */
import { createServer } from 'node:http';

import { Client, Connection } from '@temporalio/client';

const [address, namespace] = process.argv.slice(2);
const client = new Client({ connection: await Connection.connect({ address }), namespace });

/** Answers when the engine has the signal. */
async function receive(request, response) {
  request.resume();
  await client.workflow.getHandle(decodeURIComponent(request.url.slice(1))).signal('reported');
  response.end();
}

const receiver = createServer((request, response) => void receive(request, response));
await new Promise((resolve) => {
  receiver.listen(0, '127.0.0.1', resolve);
});
// It ends with the process that started it, however that ends.
process.once('disconnect', () => process.exit());
process.once('SIGTERM', () => process.exit());
process.channel?.unref();
process.stdout.write(
  `${JSON.stringify({ ready: true, url: `http://127.0.0.1:${receiver.address().port}` })}\n`,
);
