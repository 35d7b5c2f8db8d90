/** Callers as a process of their own: submits movies of one budget, all at the same time, and counts the answers. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';

const { dist, address, namespace, taskQueue, prefix, count, options } = JSON.parse(process.argv[2]);
const { Renders } = await import(pathToFileURL(join(dist, 'index.js')).href);
const client = new Client({ connection: await Connection.connect({ address }), namespace });
const renders = new Renders({ client, taskQueue });
const movie = { scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }] };

const warnings = [];
process.on('warning', ({ name }) => warnings.push(name));

const answers = await Promise.all(
  Array.from({ length: count }, async (_, index) => {
    try {
      await renders.submitOnce(`${prefix}-${index}`, movie, {
        ...options,
        deadlineMs: 240_000,
        untilSettled: true,
      });
      return 'accepted';
    } catch (error) {
      return error.code ?? String(error);
    }
  }),
);
const counts = {};
for (const answer of [...answers, ...warnings]) counts[answer] = (counts[answer] ?? 0) + 1;
process.stdout.write(JSON.stringify(counts), () => process.exit(0));
