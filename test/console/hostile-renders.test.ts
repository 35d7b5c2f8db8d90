import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { CHROMIUM } from '../support/chromium.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { until } from '../support/until.js';
import { openWatched } from './console-stage.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';
import { Visitor } from './visitor.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ anna: ['admin'] });
/** Texts in one block of the corpus: what is tried; the blocks have different beginnings. */
const BLOCK = 40;
const KEY_BYTES = 190;
/** Characters of which a page must show at least these as they are. */
const SHOWN = 60;

/** A render with one text as its key, and another one at all other places that someone may choose; half of them fail. */
interface Hostile {
  readonly key: string;
  readonly text: string;
  readonly fails: boolean;
}

/** Half of the texts are keys, and the other half all else: of each thing that is tried some are in either. */
const isKey = (index: number): boolean => (index + Math.floor(index / BLOCK)) % 2 === 0;
const others = HOSTILE_TEXTS.filter((_, index) => !isKey(index));
const renders = HOSTILE_TEXTS.filter((_, index) => isKey(index)).map((hostile, index): Hostile => {
  // A key may have neither characters that nobody sees nor white space at its end.
  const seen = hostile.replaceAll(/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '');
  const key = Buffer.from(`${index} ${seen}`)
    .subarray(0, KEY_BYTES)
    .toString()
    .replace(/\ufffd+$/, '')
    .trim();
  return { key, text: others[index] ?? '', fails: index % 3 !== 0 };
});
/** Pages with all that is tried, in keys and elsewhere, and with all beginnings. */
const visited = renders.filter((_, index) => [0, 1].includes(Math.floor((2 * index) / BLOCK) - (index % 4)));

let opened: Awaited<ReturnType<typeof openWatched>> | undefined;
let anna: Visitor;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const templates = Object.fromEntries(
    HOSTILE_TEXTS.map((text) => [text, { movie: { scenes: [{ elements: [{ type: 'text', text }] }] } }]),
  );
  let answered = 0;
  opened = await openWatched(CHROMIUM, env, {
    provider: { renderSeconds: 1, templates },
    answer: (response) => {
      answered += 1;
      response.writeHead(410).end(HOSTILE_TEXTS[answered % HOSTILE_TEXTS.length]);
    },
  });
  const { stage, browser, server } = opened;
  for (const { key, text, fails } of renders) {
    if (fails) {
      const script = [{ status: 'error', message: text }];
      await stage.fake.fault({ match: { key }, effect: { kind: 'state', script } });
    }
    await stage.renders.start(key, movieOf(text, fails));
  }
  await until(
    'all have ended, with their events',
    async () => {
      const { count } = await stage.client.workflow.count('ExecutionStatus="Running"');
      return count === 0;
    },
    240_000,
  );
  anna = await Visitor.open(browser, String(server.said['url']));
  await anna.signIn(tokens.anna);
}, 300_000);
afterAll(async () => {
  anna?.page.close();
  await opened?.close();
});

function movieOf(text: string, fails: boolean): object {
  if (!fails) return { comment: text, template: text, variables: { [`x${text}`]: text } };
  return { comment: text, scenes: [{ comment: text, elements: [{ type: 'text', text, duration: 2 }] }] };
}

/** What is wrong with the page as it is: a script ran, it is not whole, or it is wider than its window. */
async function minds(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const width of [380, 1440]) {
    await anna.look({ width });
    if (await anna.isTooWide()) found.push(`it is wider than ${width} px`);
  }
  const whole = `String(window.pwned) + ' ' + [...document.body.children].map((each) => each.localName).join()`;
  const structure = await anna.page.evaluate(whole);
  if (structure !== 'undefined a,header,main,footer') found.push(structure);
  return found;
}

const textsOf = async (selector: string): Promise<string[]> => {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent)`;
  return (await anna.page.evaluate(all)) as string[];
};

/** The begin of a text, without the characters that the engine's index and a parser of HTML replace. */
const begin = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cs}\ufffd\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN);

describe.skipIf(CHROMIUM === undefined && process.env['CI'] === undefined)(
  'renders of 200 hostile texts, in Chromium',
  () => {
    test('the list shows all of their keys as they are', async () => {
      const keys: string[] = [];
      let path: unknown = '/';
      while (typeof path === 'string') {
        await anna.goTo(path);
        expect(await minds()).toEqual([]);
        keys.push(...(await textsOf('.rows .name a')));
        path = await anna.page.evaluate(`document.querySelector('.more a')?.getAttribute('href')`);
      }
      expect(keys.toSorted()).toEqual(renders.map(({ key }) => key).toSorted());
    });

    test.each(visited)(
      'the page of $key shows its key, its movie and what the provider said',
      async ({ key, text, fails }) => {
        await anna.goTo(`/render?${new URLSearchParams({ key }).toString()}`);
        expect(await minds()).toEqual([]);
        expect(await textsOf('h1')).toEqual([key]);
        expect(await textsOf('title')).toEqual([expect.stringContaining(key)]);
        const json = JSON.stringify(text).slice(1, -1);
        expect((await textsOf('pre')).join('')).toContain(json.slice(0, SHOWN));
        expect((await textsOf('#story .said')).map(begin)).toEqual(fails ? [begin(text)] : []);
        expect(await anna.text()).toContain('undelivered');
      },
    );

    test('the pages of attention and of credits show them as they are', async () => {
      await anna.goTo('/attention');
      expect(await minds()).toEqual([]);
      const links = await textsOf('.lines a');
      expect(links.length).toBeGreaterThan(10);
      expect(renders.map(({ key }) => key)).toEqual(expect.arrayContaining(links));
      await anna.goTo('/credits');
      expect(await minds()).toEqual([]);
      const named = (await textsOf('[aria-labelledby=by-template] th')).map(begin);
      for (const { text } of renders.filter(({ fails }) => !fails)) expect(named).toContain(begin(text));
    });

    test('no script failed, the policy had nothing to stop, and nothing was asked of another host', () => {
      expect(anna.faults).toEqual([]);
      expect([...new Set(anna.asked.map((url) => new URL(url).origin))]).toEqual([anna.url]);
    });
  },
);
