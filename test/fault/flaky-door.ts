import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSignedRight } from '../support/event-signature.js';
import type { Random } from '../support/random.js';
import { taken } from '../support/taken.js';

/** What a door has seen. */
export interface DoorCounts {
  requests: number;
  /** Requests that failed by its choice. */
  failed: number;
  /** Requests that found no receiver. */
  dead: number;
  /** Requests whose signature is wrong, by the door's own reading or the receiver's. */
  unsigned: number;
}

/** Share of the requests that fail; a third of them before the receiver has the event, two after its effect. */
const FAILS = 0.3;

/** Then the requests of an event pass, if the receiver lives: an event with ten failures is given up, as it should be. */
const FAILURES_OF_AN_EVENT = 4;

/** A door before a receiver: it lets 30 % of the requests fail, before or after they have passed. */
export async function openFlakyDoor(receiver: string, random: Random) {
  const counts: DoorCounts = { requests: 0, failed: 0, dead: 0, unsigned: 0 };
  const failures = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await incoming.toArray());
    const id = String(incoming.headers['webhook-id']);
    counts.requests += 1;
    if (!isSignedRight({ headers: incoming.headers, body: body.toString() })) counts.unsigned += 1;
    const before = failures.get(id) ?? 0;
    const draw = before < FAILURES_OF_AN_EVENT ? random() : 1;
    if (draw < FAILS) {
      failures.set(id, before + 1);
      counts.failed += 1;
    }
    if (draw < FAILS / 3) return void response.writeHead(500).end();
    const status = await forward(agent, receiver, incoming, body);
    if (status === 400) counts.unsigned += 1;
    if (status === undefined) counts.dead += 1;
    if (draw < (FAILS * 2) / 3) return void response.writeHead(503).end();
    if (draw < FAILS || status === undefined) return void response.destroy();
    response.writeHead(status).end();
  };
  const server = createServer(
    (incoming, response) => void answer(incoming, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    counts,
    close: taken('a flaky door', async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

/** Returns the receiver's answer; undefined if it gave none. */
function forward(
  agent: Agent,
  url: string,
  { headers }: IncomingMessage,
  body: Buffer,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode));
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}
