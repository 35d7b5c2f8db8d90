import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { call, MOVIE, pathOf } from '../http/http-stage.js';
import { Doubt, HELD_WITHIN_MS } from '../support/doubt.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { EVENT_SECRET } from '../support/event-signature.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { Session } from './session-by-hand.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ shop: ['submit+read+decide', 'shop'] });
const held = 'order-1-held';

let stage: Stage;
let receiver: EventReceiver;
let server: Running;
let visitor: Session;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  receiver = await startEventReceiver((response) => void response.writeHead(410).end());
  const events = {
    RENDERONCE_EVENTS_URL: receiver.url,
    RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
    RENDERONCE_EVENTS_PRIVATE: 'allow',
  };
  [server] = await Promise.all([stage.startServer({ ...env, ...events }), stage.hostWorker(events)]);
  // The account has no other render: no look has a witness.
  await new Doubt(stage).lose(`shop:${held}`, false);
  visitor = await Session.signedIn(server, tokens.shop);
});
afterAll(async () => {
  await Promise.allSettled([stage?.close(), receiver?.stop()]);
});

const page = (path: string) => visitor.get(path).then(({ text }) => text);

test(
  'a key that is held without a witness is sent again by force only, after a page that names the risk',
  async () => {
    await new Doubt(stage).isIn(`shop:${held}`, 'held');
    const form = await page(`/render?key=${held}`);
    expect(form).toMatch(/name="force-adopt"[^]*name="force-resubmit"/);
    expect(form).toContain(`renderonce resolve shop:${held} --adopt PROJECT`);
    expect(await page('/attention')).toContain('renderonce list --key-prefix shop: --state held');
    const fields = { key: held, action: 'resubmit', by: 'anna', why: 'not in the dashboard' };
    // The box of the other choice forces nothing.
    const plain = await visitor.post('/render/decide', { ...fields, 'force-adopt': 'yes', confirmed: 'yes' });
    expect(plain.status).toBe(409);
    expect(plain.text).toContain('at your own risk, by force');
    expect(plain.text).not.toContain('--force');
    await page(`/render?key=${held}`);
    const asked = await visitor.post('/render/decide', { ...fields, 'force-resubmit': 'yes' });
    expect(asked.text).toContain('it may be paid twice');
    expect(asked.text).toContain(`renderonce resolve shop:${held} --resubmit --force --by anna`);
    expect(asked.text).toContain('<input type="hidden" name="force-resubmit" value="yes" />');
    expect(await stage.fake.movies(`shop:${held}`)).toEqual([]);
    const decided = { ...fields, 'force-resubmit': 'yes', confirmed: 'yes' };
    expect((await visitor.post('/render/decide', decided)).status).toBe(303);
    expect(await stage.renders.result(`shop:${held}`)).toMatchObject({ status: 'done' });
    expect(await stage.fake.movies(`shop:${held}`)).toHaveLength(1);
  },
  HELD_WITHIN_MS,
);

test("a shell command on a tenant's page names the key that the engine has", async () => {
  const key = freshKey('tenant');
  await stage.fake.fault({ match: { key: `shop:${key}` }, effect: { kind: 'state', script: ['running'] } });
  await call(server, 'PUT', pathOf(key), { token: tokens.shop, body: MOVIE });
  const open = await page(`/render?key=${key}`);
  expect(open).toContain(`<code>renderonce status shop:${key}</code>`);
  expect(open).toContain(`<code>renderonce cancel shop:${key}</code>`);
  await visitor.post('/render/cancel', { key });
  await until('an event was not delivered', async () =>
    (await page(`/render?key=${key}`)).includes(`<code>renderonce events replay shop:${key}</code>`),
  );
  await until('it waits for a person', async () =>
    (await page('/attention')).includes('<code>renderonce events replay shop:'),
  );
  // The server adds the tenant and its budget; a command would do neither.
  expect(await page('/try')).not.toContain('renderonce submit');
});
