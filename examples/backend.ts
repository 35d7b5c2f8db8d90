/** Renders one video for each order. Run `renderonce dev` beside it, or a worker with RENDERONCE_WEBHOOK_URL set to this server. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import { httpStatusOf, renderKey, RenderonceError, Renders } from 'renderonce';
import { createWebhookListener } from 'renderonce/webhook';

const { PORT = '3000', RENDERONCE_TASK_QUEUE: taskQueue = 'renderonce' } = process.env;
const secrets = process.env['RENDERONCE_WEBHOOK_SECRET']?.split(',').filter((secret) => secret !== '') ?? [];
const { connectionOptions, namespace = 'default' } = loadClientConnectConfig(); // TEMPORAL_ADDRESS and similar variables
const connection = await Connection.connect(connectionOptions).catch((error: Error) => {
  process.stderr.write(`No engine at ${connectionOptions.address ?? 'localhost:7233'}: ${error.message}\n`);
  process.exit(3);
});
const client = new Client({ connection, namespace });
const renders = new Renders({ client, taskQueue });
const app = fastify().addHook('onClose', () => connection.close());

type Order = { Params: { id: string }; Body: { customer: string } };
const order = { type: 'object', required: ['customer'], properties: { customer: { type: 'string' } } };
const keyOf = (id: string): string => renderKey('order', id, 'promo-video');
const movieOf = (id: string, customer: string): object => ({
  comment: `Promo video of order ${id}`, // no time, no random value: the same order must give the same movie
  scenes: [{ duration: 5, elements: [{ type: 'text', text: `Thank you, ${customer}!`, style: '001' }] }],
});

app.post<Order>('/orders/:id', { schema: { body: order } }, async ({ params: { id }, body }, reply) => {
  const { project, replayed } = await renders.submitOnce(keyOf(id), movieOf(id, body.customer));
  return reply.code(replayed ? 200 : 201).send({ project });
});
app.get<Order>('/orders/:id/video', async ({ params: { id } }, reply) => {
  const { state, project, closedAt } = await renders.status(keyOf(id)); // never waits
  if (closedAt === undefined) return reply.code(202).send({ state, project });
  return renders.result(keyOf(id)); // closed, so it answers at once: the video, or the error with the reason
});
if (secrets.length > 0) {
  const takeWebhook = createWebhookListener({ client, secrets }); // the worker's secret; without one, polling is enough
  const onRequest = async ({ raw }: FastifyRequest, reply: FastifyReply) =>
    takeWebhook(raw, reply.hijack().raw);
  app.post('/json2video/*', { onRequest }, () => {}); // in onRequest, since the listener needs the raw bytes
}

app.setErrorHandler((error, _request, reply) => {
  if (!(error instanceof RenderonceError)) return reply.send(error);
  const { code, message, next } = error;
  const status = httpStatusOf(error); // 503: safe to repeat unchanged
  return reply.code(status).send(status < 500 ? { code, message, next } : { code }); // no customer sees the engine's address
});

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void app.close());
process.stdout.write(`backend ready: ${await app.listen({ port: Number(PORT) })}\n`);
