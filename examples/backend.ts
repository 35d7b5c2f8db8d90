/** An order becomes a video, once. Beside it run a worker whose RENDERONCE_WEBHOOK_URL is this server's address. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { fastify } from 'fastify';
import { renderKey, Renders } from 'renderonce';
import { createWebhookHandler } from 'renderonce/webhook';

const { PORT = '3000', RENDERONCE_TASK_QUEUE: taskQueue = 'renderonce' } = process.env;
const secrets = process.env['RENDERONCE_WEBHOOK_SECRET']?.split(',') ?? [''];
if (secrets.includes('')) throw new Error("RENDERONCE_WEBHOOK_SECRET is not set: give it the worker's");
const { connectionOptions, namespace = 'default' } = loadClientConnectConfig(); // TEMPORAL_ADDRESS and its like
const client = new Client({ connection: await Connection.connect(connectionOptions), namespace });
const renders = new Renders({ client, taskQueue });
const handleWebhook = createWebhookHandler({ client, secrets });
const app = fastify().addHook('onClose', () => client.connection.close());

type Order = { Params: { id: string }; Body: { customer: string } };
const order = { type: 'object', required: ['customer'], properties: { customer: { type: 'string' } } };
const keyOf = (id: string): string => renderKey('order', id, 'promo-video');
const movieOf = (id: string, customer: string): object => ({
  comment: `Promo video of order ${id}`, // no clock, no chance: the same order must give the same movie
  scenes: [{ duration: 5, elements: [{ type: 'text', text: `Thank you, ${customer}!`, style: '001' }] }],
});

app.post<Order>('/orders/:id', { schema: { body: order } }, async ({ params: { id }, body }, reply) => {
  const { project, replayed } = await renders.submitOnce(keyOf(id), movieOf(id, body.customer));
  return reply.code(replayed ? 200 : 201).send({ project });
});
app.get<Order>('/orders/:id/video', async ({ params: { id } }, reply) => {
  const { state, project, closedAt } = await renders.status(keyOf(id)); // never waits
  if (closedAt === undefined) return reply.code(202).send({ state, project });
  return renders.result(keyOf(id)); // closed, so at once: the video, or the error that says why there is none
});
app.register(async (hooks) => {
  hooks.removeAllContentTypeParsers(); // a delivery is the handler's to read, whatever its type
  const text = { parseAs: 'string', bodyLimit: 65_536 } as const;
  hooks.addContentTypeParser('*', text, (_request, read, done) => done(null, read));
  hooks.post<{ Body: string }>('/json2video/*', async ({ url, headers, body }, reply) => {
    const delivery = { method: 'POST', headers: { 'content-type': headers['content-type'] ?? '' }, body };
    return reply.code((await handleWebhook(new Request(`http://here${url}`, delivery))).status).send();
  });
});

const HTTP: Readonly<Record<number, readonly string[]>> = {
  400: ['KeyInvalid', 'MovieInvalid'],
  404: ['KeyNotFound'],
  409: ['IdempotencyKeyReused', 'RenderAbandoned'],
  422: ['MovieRejected', 'RenderFailed', 'RenderTimedOut', 'RenderCancelled'],
  503: ['SubmissionPending', 'EngineUnavailable', 'EngineNotSetUp', 'NoWorker'], // safe to repeat as it is
};
app.setErrorHandler<Error & { code: string; next?: string }>((error, _request, reply) => {
  const { code, message, next } = error;
  const [status] = Object.entries(HTTP).find(([, codes]) => codes.includes(code)) ?? [];
  return status === undefined ? reply.send(error) : reply.code(Number(status)).send({ code, message, next });
});

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void app.close());
process.stdout.write(`backend ready: ${await app.listen({ port: Number(PORT) })}\n`);
