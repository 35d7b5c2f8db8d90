import { createServer } from 'node:http';
import { serve } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { createWebhookHandler, createWebhookListener } from '../../src/receiver/index.js';
import { SECRET } from '../support/stage.js';

/** A backend's own server, with our handler among its routes. */
export interface OwnServer {
  readonly url: string;
  close(): Promise<unknown>;
}

type Start = (client: Client) => Promise<OwnServer>;

const HOST = '127.0.0.1';
const at = (address: unknown): string => {
  const hasPort = typeof address === 'object' && address !== null && 'port' in address;
  return `http://${HOST}:${hasPort ? String(address.port) : ''}`;
};

/** Waits until it listens; closes it with its idle connections. */
function listening(server: ReturnType<typeof createServer>): Promise<OwnServer> {
  return new Promise((resolve) => {
    server.listen(0, HOST, () =>
      resolve({
        url: at(server.address()),
        close: () =>
          new Promise((closed) => {
            server.close(closed);
            server.closeAllConnections();
          }),
      }),
    );
  });
}

const saysWhy: express.ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(500).send(String(error));
};

function expressServer(mount: (app: express.Express, client: Client) => void): Start {
  return (client) => {
    const app = express();
    mount(app, client);
    app.use(saysWhy);
    return listening(createServer(app));
  };
}

const listenerOf = (client: Client) => createWebhookListener({ client, secrets: [SECRET] });

/** As `docs/webhook-handler.md` shows them. */
export const OWN_SERVERS: Readonly<Record<string, Start>> = {
  Fastify: async (client) => {
    const listener = listenerOf(client);
    const app = fastify();
    app.post(
      '/json2video/*',
      { onRequest: async (request, reply) => listener(request.raw, reply.hijack().raw) },
      () => undefined,
    );
    return { url: await app.listen({ port: 0, host: HOST }), close: () => app.close() };
  },
  Express: expressServer((app, client) => {
    app.post('/json2video/:token', listenerOf(client));
    app.use(express.json());
  }),
  'Express below a path': expressServer((app, client) => {
    app.use('/json2video', listenerOf(client));
  }),
  'Express behind a parser that leaves the bytes': expressServer((app, client) => {
    app.use(express.raw({ type: () => true }));
    app.post('/json2video/:token', listenerOf(client));
  }),
  Hono: async (client) => {
    const handle = createWebhookHandler({ client, secrets: [SECRET] });
    const app = new Hono();
    app.post('/json2video/:token', (context) => handle(context.req.raw));
    return new Promise((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: HOST }, (address) =>
        resolve({ url: at(address), close: () => new Promise((closed) => server.close(closed)) }),
      );
    });
  },
  'node:http': async (client) => {
    const listener = listenerOf(client);
    return listening(createServer((request, response) => void listener(request, response)));
  },
};

/** What not to do: the bytes are gone when the handler wants them. */
export const startParsingExpress = expressServer((app, client) => {
  app.use(express.json());
  app.post('/json2video/:token', listenerOf(client));
});
