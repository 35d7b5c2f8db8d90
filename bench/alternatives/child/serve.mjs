import process from 'node:process';
import { fastify } from 'fastify';
import { deliveredMovie } from './provider.mjs';

/** A backend's own HTTP server: its users ask for renders, the provider reports. */
export async function serve({ submit, result, onDelivery }) {
  const app = fastify({
    bodyLimit: 2_000_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  app.post('/renders/:key', async ({ params, body }) => ({ project: await submit(params.key, body) }));
  app.get('/renders/:key/result', async ({ params }) => ({ url: await result(params.key) }));
  app.post('/json2video/:key', async ({ params, body }) => {
    await onDelivery(params.key, deliveredMovie(body));
    return {};
  });
  const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
  return { url, webhookUrl: (key) => `${url}/json2video/${key}`, close: () => app.close() };
}
