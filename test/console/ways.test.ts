import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { type Browser, CHROMIUM } from '../support/chromium.js';
import { Doubt, HELD_WITHIN_MS } from '../support/doubt.js';
import type { EventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import type { Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { openWatched } from './console-stage.js';
import { Keyboard } from './keyboard.js';
import { Visitor } from './visitor.js';

expectNoProcessLeft();

const MOVIE = '{"scenes":[{"duration":7,"elements":[{"type":"text","text":"Hello"}]}]}';

const { tokens, env } = makeTokens({ anna: ['admin'] });
const held = { plain: 'order-1-held', keys: 'order-2-held' };

let opened: Awaited<ReturnType<typeof openWatched>> | undefined;
let stage: Stage;
let server: Running;
let receiver: EventReceiver;
let browser: Browser;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const provider = { renderSeconds: 2 };
  const answer = (response: ServerResponse): void => void response.writeHead(410).end();
  opened = await openWatched(CHROMIUM, env, { provider, answer });
  ({ stage, server, receiver, browser } = opened);
  // It takes the whole settle window until a person is asked.
  for (const key of Object.values(held)) await new Doubt(stage).lose(key, true);
});
afterAll(async () => {
  await opened?.close();
});

/** Opens a page for a visitor who is not signed in: all pages of a browser share its cookies. */
async function newVisitor(): Promise<Visitor> {
  const visitor = await Visitor.open(browser, String(server.said['url']));
  await visitor.page.send('Network.clearBrowserCookies');
  return visitor;
}

/** Opens pages until one of them says something: without a script no page changes by itself. */
async function reloads(visitor: Visitor, path: string, says: RegExp): Promise<void> {
  await until(`${path} says ${says}`, async () => {
    await visitor.goTo(path);
    return says.test(await visitor.text());
  });
}

/** Submits a movie that the provider never finishes, and cancels it as soon as it is rendered. */
async function cancelsInFlight(visitor: Visitor, key: string): Promise<void> {
  await stage.fake.fault({ match: { key }, effect: { kind: 'state', script: ['running'] } });
  await visitor.goTo('/try');
  await visitor.fill('#movie', MOVIE.replace('Hello', 'Never done'));
  await visitor.fill('#key', key);
  await visitor.press('button[value=submit]');
  await reloads(visitor, `/render?key=${key}`, /Story\s+rendering/);
  expect(await visitor.text()).not.toContain('its credits are spent');
  await visitor.choose('details:has(form[action="/render/cancel"]) summary');
  expect(await visitor.text()).toContain('its credits are spent');
  await visitor.press('form[action="/render/cancel"] button');
  await reloads(visitor, `/render?key=${key}`, /Story\s+cancelled/);
  expect(await visitor.page.evaluate(`document.querySelector('form[action="/render/cancel"]')`)).toBe(null);
  expect((await stage.renders.status(key)).state).toBe('cancelled');
  expect(await stage.fake.movies(key)).toHaveLength(1);
}

const projectOf = async (key: string): Promise<string> => (await stage.fake.movies(key))[0]?.project ?? '';

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)('in Chromium', () => {
  test(
    'without JavaScript a user signs in, tries, submits and finds a movie, decides, cancels, and has an event sent again',
    async () => {
      const ben = await newVisitor();
      await ben.page.send('Emulation.setScriptExecutionDisabled', { value: true });
      const key = 'order-10-plain';
      await ben.signIn(tokens.anna);
      expect(await ben.page.evaluate('typeof window.htmx')).toBe('undefined');
      await ben.press('a[href="/try"]');
      await ben.fill('#movie', MOVIE);
      await ben.fill('#key', key);
      await ben.press('button[value=check]');
      expect(await ben.text()).toMatch(/7\s+credits\s+exact/);
      await ben.press('button[value=submit]');
      expect(await ben.text()).toContain(key);
      await reloads(ben, `/render?key=${key}`, /Story\s+done/);
      await ben.goTo('/');
      await ben.fill('#q', key.slice(0, 8));
      await ben.press('.filters button');
      await ben.press('.rows .name a');
      expect(await ben.text()).toContain(key);
      await reloads(ben, `/render?key=${key}`, /undelivered\s+render\.done/);
      const before = receiver.received.length;
      await ben.press('form[action="/render/replay"] button');
      await until('the event was sent again', async () => receiver.received.length > before);
      await new Doubt(stage).isIn(held.plain, 'held');
      await ben.goTo('/attention');
      await ben.press(`main a[href="/render?key=${held.plain}"]`);
      await ben.choose('input[value=adopt]');
      await ben.fill('#project', await projectOf(held.plain));
      await ben.fill('#why', 'seen in the dashboard');
      await ben.press('form[action="/render/decide"] button');
      await ben.press('form[action="/render/decide"] button');
      await reloads(
        ben,
        `/render?key=${held.plain}`,
        /anna \(anna\) decides: adopt project[^]*Story|Story\s+done/,
      );
      expect(await stage.fake.movies(held.plain)).toHaveLength(1);
      await cancelsInFlight(ben, 'order-12-plain');
      await ben.press('form[action="/sign-out"] button');
      expect(await ben.text()).toContain('Sign in');
      ben.page.close();
    },
    2 * HELD_WITHIN_MS,
  );

  test(
    'without a mouse a user signs in, tries and submits a movie, reads it, and decides about a held key',
    async () => {
      const carla = await newVisitor();
      const keys = new Keyboard(carla);
      const key = 'order-11-keys';
      await carla.goTo('/sign-in?to=/try');
      // The field of the token has the focus.
      await keys.type(tokens.anna);
      await keys.leave('Enter', 'Try a movie');
      await keys.tabTo('#movie');
      await keys.type(MOVIE);
      await keys.tabTo('#key');
      await keys.type(key);
      await keys.tabTo('button[value=check]');
      await keys.leave('Enter', /7\s+credits\s+exact/);
      await keys.tabTo('button[value=submit]');
      await keys.leave('Space', /Story\s+done/);
      expect(await stage.fake.movies(key)).toHaveLength(1);
      await new Doubt(stage).isIn(held.keys, 'held');
      await keys.tabTo('a[href="/attention"]');
      await keys.leave('Enter', held.keys);
      await keys.tabTo(`a[href="/render?key=${held.keys}"]`);
      await keys.leave('Enter', /Decide/);
      await keys.tabTo('input[value=adopt]');
      await keys.press('Space');
      await keys.tabTo('#project');
      await keys.type(await projectOf(held.keys));
      await keys.tabTo('#why');
      await keys.type('seen in the dashboard');
      await keys.leave('Enter', /Adopt project \w+\?/);
      await keys.tabTo('form[action="/render/decide"] button');
      await keys.leave('Enter', /anna \(anna\) decides: adopt project/);
      expect(await stage.fake.movies(held.keys)).toHaveLength(1);
      carla.page.close();
    },
    2 * HELD_WITHIN_MS,
  );

  test('Tab reaches all that can be used, with a focus that is seen, and a first link skips the navigation', async () => {
    const dora = await newVisitor();
    const keys = new Keyboard(dora);
    expect(await keys.mindsOf('/sign-in')).toEqual([]);
    await dora.signIn(tokens.anna);
    const pages = ['/', '/attention', '/try', '/credits', '/design', '/render?key=order-11-keys'];
    const minds: Record<string, string[]> = {};
    for (const path of pages) minds[path] = await keys.mindsOf(path);
    expect(minds).toEqual(Object.fromEntries(pages.map((path) => [path, []])));
    await dora.goTo('/try');
    await keys.tabTo('.skip');
    await keys.press('Enter');
    await keys.press('Tab');
    expect(await dora.page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    dora.page.close();
  });

  test('the sign-in is read by everybody, at every width', async () => {
    const emil = await newVisitor();
    expect(await emil.mindsOf('/sign-in')).toEqual([]);
    expect(await emil.weightOf('/sign-in')).toBeLessThan(60_000);
    emil.page.close();
  });
});
