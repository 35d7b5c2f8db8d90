import { Client, Connection } from '@temporalio/client';
import { Renders } from '../src/starter.js';
import { createServer } from '../src/http/server.js';

/** Returns the OpenAPI document of a version as text. Asks no engine. */
export async function readDocument(version: string): Promise<string> {
  const client = new Client({ connection: Connection.lazy() });
  const app = await createServer({
    client,
    renders: new Renders({ client }),
    assets: 'public',
    taskQueue: 'renderonce',
    host: '127.0.0.1',
    port: 0,
    tokens: [],
    requestsPerMinute: 1,
    webhookSecrets: [],
    version,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  await client.connection.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}
