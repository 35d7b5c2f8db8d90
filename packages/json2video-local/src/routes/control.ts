import { z } from 'zod';

import { EventStream } from '../events/event-stream.js';
import type { FakeJson2Video } from '../fake.js';
import { parseFaultRule } from '../faults/fault-rule.js';
import type { Incoming, Router } from '../http/router.js';
import { OptionInvalid } from '../invalid.js';
import { PAGE, PAGE_POLICY } from '../page/page.js';
import { CALLS } from '../records/journal.js';
import { scenarioList } from '../scenarios.js';
import { switchTable } from '../switch-board.js';
import type { World } from '../world.js';
import { bodyOf, ControlProblem, parsed, sendJson } from './control-body.js';

const requestsQuery = z.object({
  since: z.coerce.number().int().min(0).optional(),
  call: z.enum(CALLS).optional(),
  key: z.string().optional(),
  project: z.string().optional(),
});
const clockBody = z.strictObject({
  advanceSeconds: z
    .number()
    .min(0)
    .max(3_600 * 24 * 3_650),
});
const creditsBody = z.strictObject({ add: z.number().int().min(1).max(1_000_000_000) });
const switchesBody = z.record(z.string(), z.unknown());

type Answer = (incoming: Incoming) => unknown;

/** Reads the ledger and controls the server. No key is needed: it listens on the loopback interface only. */
export function controlRoutes(router: Router, world: World, fake: FakeJson2Video): void {
  const routes: Readonly<Record<string, Answer>> = {
    ...readings(fake),
    ...faultControls(world),
    ...controls(fake),
  };
  for (const [name, answer] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    router.on(method, path, (incoming) => served(incoming, answer));
  }
  watchingRoutes(router, world);
}

async function served(incoming: Incoming, answer: Answer): Promise<void> {
  try {
    sendJson(incoming.response, 200, await answer(incoming));
  } catch (error) {
    if (error instanceof ControlProblem) sendJson(incoming.response, error.code, { error: error.message });
    else if (error instanceof OptionInvalid) sendJson(incoming.response, 400, { error: error.message });
    else sendJson(incoming.response, 500, { error: 'The local JSON2Video could not serve this request.' });
  }
}

function readings(fake: FakeJson2Video): Record<string, Answer> {
  return {
    'GET /_fake/requests': ({ url }) => ({
      requests: fake.requests(parsed(requestsQuery, Object.fromEntries(url.searchParams))),
    }),
    'GET /_fake/movies': () => ({ movies: fake.movies() }),
    'GET /_fake/credits': () => fake.credits(),
    'GET /_fake/clock': () => ({ now: new Date(fake.now()).toISOString() }),
    'GET /_fake/switches': () => ({ switches: fake.switches(), table: switchTable() }),
    'GET /_fake/scenarios': () => ({ scenarios: scenarioList() }),
  };
}

function faultControls({ book }: World): Record<string, Answer> {
  return {
    'GET /_fake/faults': () => ({ faults: book.views() }),
    'POST /_fake/faults': async (incoming) => ({ id: book.add(parseFaultRule(await bodyOf(incoming))) }),
    'DELETE /_fake/faults': () => {
      book.clear();
      return { faults: [] };
    },
    'DELETE /_fake/faults/*': ({ rest }) => found(book.remove(rest), rest),
    'POST /_fake/release/*': ({ rest }) => ({ released: found(book.release(rest), rest) }),
  };
}

function controls(fake: FakeJson2Video): Record<string, Answer> {
  return {
    'POST /_fake/clock': async (incoming) => {
      fake.advance(parsed(clockBody, await bodyOf(incoming)).advanceSeconds);
      return { now: new Date(fake.now()).toISOString() };
    },
    'POST /_fake/credits': async (incoming) => {
      fake.addCredits(parsed(creditsBody, await bodyOf(incoming)).add);
      return fake.credits();
    },
    'POST /_fake/switches': async (incoming) => ({
      switches: fake.setSwitches(parsed(switchesBody, await bodyOf(incoming))),
    }),
    'POST /_fake/scenarios/*': ({ rest }) => {
      const known = scenarioList().find(({ name }) => name === rest);
      if (known === undefined) throw new ControlProblem(404, `There is no scenario "${rest}".`);
      return { faults: fake.scenario(known.name) };
    },
  };
}

function watchingRoutes(router: Router, world: World): void {
  router.on('GET', '/', ({ response }) => {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY })
      .end(PAGE);
  });
  router.on('GET', '/_fake/events', ({ response }) => {
    if (world.events.isFull) {
      return sendJson(response, 503, { error: 'Too many watchers.' });
    }
    const stream = new EventStream(world, response);
    const leave = world.events.join(stream);
    response.once('close', () => {
      leave();
      stream.close();
    });
  });
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new ControlProblem(404, `There is no fault rule "${id}".`);
  return value;
}
