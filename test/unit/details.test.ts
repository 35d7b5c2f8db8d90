import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailsOf, followDetailsOf, type RenderView } from '../../src/render/details.js';
import { shellWord } from '../../src/text/shell-word.js';
import { RENDER_STATES, STATE_MEANINGS } from '../../src/render/state.js';
import { ATTACKS } from '../support/markdown-attacks.js';

const view = (more: Partial<RenderView>): RenderView => ({
  key: 'order-1',
  state: 'rendering',
  attempts: 0,
  ...more,
});

describe('details', () => {
  test('name state, project, meaning, last event, decision, next event and number of submissions', () => {
    const details = detailsOf({
      key: 'order-1',
      state: 'waiting',
      project: 'JkGxEoPRF9EgRb32',
      attempts: 2,
      message: 'Insufficient credits',
      decided: 'anna: resubmit',
      awaited: 'the next try, at 10:00',
    });
    expect(details.split('\n\n')).toEqual([
      '**waiting**, project JkGxEoPRF9EgRb32',
      STATE_MEANINGS.waiting,
      '**What happened:** Insufficient credits',
      '**Decision:** anna\\: resubmit',
      '**What comes next:** the next try, at 10:00',
      '**Submissions:** 2',
    ]);
  });

  test.each(RENDER_STATES)('of %s name the state and its meaning, also if nothing else is known', (state) => {
    const isRed = ['failed', 'timed-out', 'rejected', 'abandoned'].includes(state);
    expect(detailsOf(view({ state })).split('\n\n').slice(0, 2)).toEqual([
      `${isRed ? '🔴 ' : ''}**${state}**`,
      STATE_MEANINGS[state],
    ]);
  });

  test.each(['failed', 'timed-out', 'rejected', 'unknown', 'held'] as const)(
    'of %s give the next step of a person',
    (state) => expect(detailsOf(view({ state }))).toMatch(/\*\*What to do:\*\* \w+/),
  );

  test.each(['unknown', 'held'] as const)('of %s name the command, with the key as one word', (state) => {
    expect(detailsOf(view({ state }))).toContain('`renderonce status order-1`');
    expect(detailsOf(view({ state, key: "ada's; reboot" }))).toContain(
      "`renderonce status 'ada'\\''s; reboot'`",
    );
  });

  test('of a held render name the command that decides', () => {
    expect(detailsOf(view({ state: 'held' }))).toContain('`renderonce resolve order-1 --adopt PROJECT');
  });

  test('link the video', () => {
    const videoUrl = 'https://assets.json2video.com/clients/c/renders/2026-05-12-36066.mp4?v=1&w=2';
    expect(detailsOf(view({ state: 'done', videoUrl }))).toContain(`\n\n[Open the video](${videoUrl})`);
  });

  test('fit the address through which the UI passes them, with the longest texts that there are', () => {
    const longest = { message: '*'.repeat(300), decided: '*'.repeat(600), awaited: '*'.repeat(300) };
    for (const state of RENDER_STATES) {
      const details = detailsOf(view({ ...longest, state, key: 'k'.repeat(200), project: 'p'.repeat(16) }));
      expect(details.length).toBeLessThan(3_500);
    }
  });
});

/** An unescaped beginning of a link, an image, a tag, code, emphasis, a heading or an address. */
function openMarkup(markdown: string): string[] {
  return markdown.replace(/\\[!-/:-@[-`{-~]/g, ' ').match(/[`*_[\]<>#|!\\~&]|[a-z]:/gi) ?? [];
}

describe('text from the provider in the details', () => {
  test.each(ATTACKS)('"%s" stays text', (text) => {
    const [, , happened = '', next = ''] = detailsOf(view({ message: text, awaited: text })).split('\n\n');
    const message = happened.slice('**What happened:** '.length);
    const awaited = next.slice('**What comes next:** '.length);
    expect(openMarkup(message)).toEqual([]);
    expect(openMarkup(awaited)).toEqual([]);
    expect(message.replace(/\\([^\\]|\\)/g, '$1')).toBe(text);
  });

  test.each(ATTACKS)('"%s" unescaped is caught by that check', (text) => {
    expect(openMarkup(text)).not.toEqual([]);
  });

  test('is never markup and loses nothing, for any text', () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\\', '`', '*', '_', '[', ']', '(', ')', '<', '>', '#', '|', '!', '~', '&', 'a:'),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const message = detailsOf(view({ message: text })).split('**What happened:** ')[1] ?? '';
        expect(openMarkup(message)).toEqual([]);
        expect(message.replace(/\\(.)/gs, '$1')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

test('a command stays code and whole, however many backticks its key has', () => {
  const keys = fc.string({
    unit: fc.constantFrom('`', 'a', ' ', "'", '*', '<'),
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(keys, (key) => {
      const details = detailsOf(view({ state: 'unknown', key }));
      const [, todo = ''] = details.split('the workflow settles it, and ');
      const [fence = ''] = /^`+/.exec(todo) ?? [];
      const end = new RegExp(`(?<!\`)${fence}(?!\`)`);
      const [content = '', rest] = todo.slice(fence.length).split(end);
      expect(content.trim()).toBe(`renderonce status ${shellWord(key)}`);
      expect(rest).toBe(' shows the story');
    }),
  );
});

test('what follows the end is named in the details of the render, and told by the workflow that does it', () => {
  const followed = 'the end is reported to default, by workflow renderonce.after:order-1:run';
  expect(detailsOf(view({ state: 'done', followed }))).toContain(
    '**What follows:** the end is reported to default, by workflow renderonce.after\\:order-1:run',
  );
  const kept = { project: 'P', store: 's3://b/P.mp4', sha256: 'a', sizeBytes: 9, keptAt: '' };
  const sent = { name: 'Event render.done to default', state: 'delivered, HTTP 204', isLost: false };
  const lost = { name: 'Event render.done to shop', state: 'undelivered: HTTP 410', isLost: true };
  expect(followDetailsOf({ copy: { state: 'kept', kept }, events: [sent, lost] }).split('\n\n')).toEqual([
    '**Copy of the video:** s3://b/P.mp4, 9 bytes',
    '**Event render.done to default:** delivered, HTTP 204',
    '🔴 **Event render.done to shop:** undelivered\\: HTTP 410',
  ]);
  expect(followDetailsOf({ copy: { state: 'lost', message: '404' }, events: [] })).toBe(
    '🔴 **Copy of the video:** lost\\: 404',
  );
  expect(followDetailsOf({ copy: { state: 'none' }, events: [] })).toBe('');
});
