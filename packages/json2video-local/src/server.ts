import type { Server } from 'node:http';
import { createServer } from 'node:http';

import { beginWorld, keepClock, makeDataFolder, resumeMovies } from './begin.js';
import type { FakeJson2Video } from './fake.js';
import { fakeOf } from './fake.js';
import { Router } from './http/router.js';
import type { FakeOptions } from './options.js';
import { lockFolder } from './records/folder-lock.js';
import { controlRoutes } from './routes/control.js';
import { sendJson } from './routes/control-body.js';
import { providerRoutes } from './routes/provider.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

/** Paths of the API: with another method they are answered 405 instead of 404. */
const API_PATH = /^\/v2\/(movies|templates|templates\/library)\/?(\?|$)/;

/** Idle time after which a kept connection ends, real milliseconds: longer than any client keeps one. */
const KEEP_ALIVE_MS = 72_000;

/**
 * Starts a local JSON2Video that costs nothing. For tests and development only: its control routes need no key, so it
 * listens on 127.0.0.1 and on no other address.
 *
 * @throws OptionInvalid, or RangeError for an option that cannot be used
 * @example
 * const fake = await startFakeJson2Video({ timeScale: 100 });
 * const id = fake.fault({ match: { call: 'create', nth: 1 }, effect: { kind: 'reset-after' } });
 * await fake.close();
 */
export async function startFakeJson2Video(options: FakeOptions = {}): Promise<FakeJson2Video> {
  const world = createWorld(options);
  const unlock = await begun(world, options);
  const router = new Router();
  // No time limit on a request: faults hold some of them for as long as a test wants.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    void router.handle(request, response).then((isServed) => {
      if (isServed) return;
      const [code, message] = API_PATH.test(request.url ?? '')
        ? [405, 'Method Not Allowed']
        : [404, 'Not Found'];
      sendJson(response, code, { success: false, message });
    });
  });
  let closed: Promise<void> | undefined;
  const fake = fakeOf(world, () => {
    closed ??= closeAll(world, server).then(unlock);
    return closed;
  });
  providerRoutes(router, world);
  controlRoutes(router, world, fake);
  try {
    world.site.url = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  } catch (error) {
    await fake.close();
    throw error;
  }
  resumeMovies(world);
  return fake;
}

const nothingToFree = async (): Promise<void> => undefined;

/** Brings the world to life; returns the function that frees its data folder. */
async function begun(world: World, options: FakeOptions): Promise<() => Promise<void>> {
  const { dataFolder } = options;
  let unlock = nothingToFree;
  try {
    if (dataFolder !== undefined) {
      makeDataFolder(dataFolder);
      unlock = await lockFolder(dataFolder);
    }
    beginWorld(world, options);
    return unlock;
  } catch (error) {
    // Otherwise the clock keeps the process alive, and the file stays open.
    world.clock.close();
    world.ledger.close();
    await unlock();
    throw error;
  }
}

/** Returns the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Cuts the connections first: a movie may not be accepted after the ledger file is closed. */
async function closeAll(world: World, server: Server): Promise<void> {
  world.closing.abort();
  world.clock.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  world.webhooks.close();
  await Promise.allSettled(world.exchanges);
  keepClock(world);
  world.ledger.close();
}
