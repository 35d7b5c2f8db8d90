import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { type Browser, CHROMIUM } from '../support/chromium.js';
import { Doubt, HELD_WITHIN_MS } from '../support/doubt.js';
import type { EventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import type { Stage } from '../support/stage.js';
import { takePicture } from '../browser/pictures.js';
import { call } from '../http/http-stage.js';
import { openWatched } from './console-stage.js';
import { Visitor } from './visitor.js';

expectNoProcessLeft();

const PAGES = ['/', '/attention', '/try', '/credits', '/design'];
/** Bytes that a page may transfer, with its files and without its video. */
const PAGE_BYTES = 60_000;

const { tokens, env } = makeTokens({ anna: ['admin'] });
const held = 'order-12348-promo';

let opened: Awaited<ReturnType<typeof openWatched>> | undefined;
let stage: Stage;
let server: Running;
let receiver: EventReceiver;
let browser: Browser;
let anna: Visitor;
let isReceiving = false;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const provider = { renderSeconds: 2, switches: { progress: 'present' } } as const;
  const answer = (response: ServerResponse): void => void response.writeHead(isReceiving ? 204 : 410).end();
  opened = await openWatched(CHROMIUM, env, { provider, answer });
  ({ stage, server, receiver, browser } = opened);
  // It takes the whole settle window until a person is asked.
  await new Doubt(stage).lose(held, true);
  anna = await Visitor.open(browser, String(server.said['url']));
});
afterAll(async () => {
  anna?.page.close();
  await opened?.close();
});

/** Takes a picture for the documentation, at its width. */
async function picture(name: Parameters<typeof takePicture>[1], height = 800): Promise<void> {
  await anna.look({ width: 1200 });
  await takePicture(anna, name, height);
  await anna.look({ width: 1440 });
}

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)('the console, in Chromium', () => {
  const key = 'order-12345-thumbnail';

  test('a new user signs in, and a token that the server does not know is told so', async () => {
    await anna.goTo('/attention');
    await anna.sees('Sign in');
    await anna.fill('#token', `${tokens.anna}x`);
    await anna.press('main form button');
    await anna.sees('This server knows no such token.');
    await anna.fill('#token', tokens.anna);
    await anna.press('main form button');
    await anna.sees('Attention');
    expect(await anna.text()).not.toContain('Sign in');
  });

  test('tries a movie, sees its price, submits it, and it becomes a video that plays', async () => {
    await anna.goTo('/try');
    await anna.fill('#movie', '{"scenes": [');
    await anna.press('button[value=check]');
    await anna.sees(/not JSON/);
    await anna.fill('#movie', '{"scenes":[{"duration":7,"elements":[{"type":"text","text":"Hello"}]}]}');
    await anna.fill('#key', key);
    await anna.press('button[value=check]');
    await anna.sees(/7\s+credits\s+exact/);
    expect(await stage.fake.movies(key)).toHaveLength(0);
    await picture('console-try');
    await anna.press('button[value=submit]');
    // The page follows the render by itself.
    await anna.sees(/Story\s+done/);
    expect(await anna.plays()).toBe(true);
    expect(await stage.fake.movies(key)).toHaveLength(1);
    await picture('console-render');
    await anna.goTo('/');
    await picture('console-renders', 600);
  });

  test('sees an event that its receiver did not take, and has it sent again', async () => {
    await anna.goTo('/attention');
    await expect
      .poll(
        async () => {
          await anna.goTo('/attention');
          return anna.text();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toMatch(new RegExp(`undelivered[^]*${key}`));
    await anna.goTo(`/render?key=${key}`);
    await anna.sees(/undelivered\s+render\.done/);
    isReceiving = true;
    await anna.press('form[action="/render/replay"] button');
    await expect
      .poll(
        async () => {
          await anna.goTo(`/render?key=${key}`);
          return anna.text();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toMatch(/delivered\s+render\.done[^]*sent again/);
    const ids = receiver.received
      .filter(({ body }) => body.includes(key))
      .map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    await anna.goTo('/attention');
    expect(await anna.text()).not.toContain(key);
  });

  test('sees the credits of today, and a budget with what is left', async () => {
    const body = { limit: 10, per: 'day', by: 'anna', why: 'a small one' };
    const set = await call(server, 'PUT', '/v1/budgets/small', { token: tokens.anna, body });
    expect(set.status).toBe(200);
    await anna.goTo('/credits');
    const today = new Date().toISOString().slice(0, 10);
    const bars = await anna.page.evaluate(
      `[...document.querySelectorAll('svg.plot title')].map((each) => each.textContent)`,
    );
    expect(bars).toContain(`${today}: 7`);
    await anna.sees(/small[^]*10 credits per day/);
    await picture('console-credits', 1100);
  });

  test('finds a key by its begin and by its project', async () => {
    const [movie] = await stage.fake.movies(key);
    for (const text of [key.slice(0, -2), movie?.project ?? '']) {
      await anna.goTo(`/?${new URLSearchParams({ q: text }).toString()}`);
      expect(
        await anna.page.evaluate(
          `[...document.querySelectorAll('.rows .name a')].map((each) => each.textContent)`,
        ),
      ).toEqual([key]);
    }
    await anna.goTo('/?q=nobody');
    await anna.sees('No render matches.');
  });

  test.each(PAGES)('%s is read by everybody, at every width, and has under 60 kB', async (path) => {
    expect(await anna.mindsOf(path)).toEqual([]);
    expect(await anna.weightOf(path)).toBeLessThan(PAGE_BYTES);
  });

  test(
    'a held key shows what was sent when and what each choice costs; adopting it takes a confirmation',
    async () => {
      await new Doubt(stage).isIn(held, 'held');
      await anna.goTo('/attention');
      await anna.sees(held);
      expect(await anna.mindsOf(`/render?key=${held}`)).toEqual([]);
      await anna.sees(/submission 1: unknown/);
      await anna.sees(/look 3 in the provider's list/);
      await anna.sees(/Costs 5 credits \(exact\)[^]*you pay for two renders/);
      const [movie] = await stage.fake.movies(held);
      await anna.choose('input[value=adopt]');
      await anna.fill('#project', movie?.project ?? '');
      await anna.fill('#why', "it's in the dashboard");
      await picture('console-held', 760);
      await anna.press('form[action="/render/decide"] button');
      await anna.sees(`Adopt project ${movie?.project}?`);
      await anna.sees(
        `renderonce resolve ${held} --adopt ${movie?.project} --by anna --why 'it'\\''s in the dashboard'`,
      );
      expect((await stage.renders.status(held)).state).toBe('held');
      await anna.press('form[action="/render/decide"] button');
      await anna.sees(/anna \(anna\) decides: adopt project/);
      await anna.sees(/Story\s+done/);
      expect(await stage.fake.movies(held)).toHaveLength(1);
    },
    HELD_WITHIN_MS,
  );

  test('a render can be read by everybody, and weighs little', async () => {
    expect(await anna.mindsOf(`/render?key=${key}`)).toEqual([]);
    expect(await anna.weightOf(`/render?key=${key}`)).toBeLessThan(PAGE_BYTES);
  });

  test('nothing was asked of another host, no script failed, and the policy had nothing to stop', () => {
    expect([...new Set(anna.asked.map((url) => new URL(url).origin))]).toEqual([anna.url]);
    expect(anna.faults).toEqual([]);
  });
});
