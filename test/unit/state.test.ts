import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailsOf, isRenderState, RENDER_STATES, type RenderView } from '../../src/render/state.js';

const view = (more: Partial<RenderView>): RenderView => ({ state: 'rendering', attempts: 0, ...more });

describe('states', () => {
  test('are the eleven of the search attribute, and nothing else is one', () => {
    expect(RENDER_STATES.join(' ')).toBe(
      'submitting waiting unknown held rendering done failed timed-out cancelled rejected abandoned',
    );
    for (const state of RENDER_STATES) expect(isRenderState(state)).toBe(true);
    for (const other of ['', 'Done', 'timed out', 'toString', undefined, null, 5, ['done']]) {
      expect(isRenderState(other)).toBe(false);
    }
  });
});

describe('details', () => {
  test('say state, project, what happened, what is awaited and how often it was sent, a paragraph each', () => {
    const details = detailsOf({
      state: 'waiting',
      project: 'JkGxEoPRF9EgRb32',
      attempts: 2,
      message: 'Insufficient credits',
      awaited: 'credits, since 10:00',
    });
    expect(details.split('\n\n')).toEqual([
      '**waiting**, project JkGxEoPRF9EgRb32',
      'Insufficient credits',
      'Awaited: credits, since 10:00',
      'Submissions: 2',
    ]);
  });

  test.each(RENDER_STATES)('of %s name the state alone where nothing else is known', (state) => {
    expect(detailsOf({ state, attempts: 0 })).toBe(`**${state}**`);
  });

  test('link the video', () => {
    const videoUrl = 'https://assets.json2video.com/clients/c/renders/2026-05-12-36066.mp4?v=1&w=2';
    expect(detailsOf(view({ state: 'done', videoUrl }))).toBe(`**done**\n\n[Open the video](${videoUrl})`);
  });
});

/** Characters that open a link, an image, a tag, code, emphasis or a heading, and are not escaped. */
function openMarkup(markdown: string): string[] {
  return markdown.replace(/\\[!-/:-@[-`{-~]/g, '').match(/[`*_[\]<>#|!\\]/g) ?? [];
}

const ATTACKS = [
  '[click](https://evil.example)',
  '![x](https://evil.example/pixel.png)',
  '<img src=x onerror=alert(1)>',
  '<https://evil.example>',
  '\\[click](https://evil.example)',
  '\\\\[click](https://evil.example)',
  '[ref]: https://evil.example',
  '[click][ref]',
  '`code`',
  '# heading',
  '**bold** __bold__',
  '| a | b |',
  '> quote',
];

describe('text from the provider in the details', () => {
  test.each(ATTACKS)('"%s" stays text', (text) => {
    const [, message, awaited] = detailsOf(view({ message: text, awaited: text })).split('\n\n');
    expect(openMarkup(message ?? '')).toEqual([]);
    expect(openMarkup(awaited ?? '')).toEqual([]);
    expect(message?.replace(/\\([^\\]|\\)/g, '$1')).toBe(text);
  });

  test.each(ATTACKS)('"%s" unescaped is caught by that check', (text) => {
    expect(openMarkup(text)).not.toEqual([]);
  });

  test('is never markup and loses nothing, whatever the text', () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\\', '`', '*', '_', '[', ']', '(', ')', '<', '>', '#', '|', '!'),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
    });
    fc.assert(
      fc.property(texts, (text) => {
        const message = detailsOf(view({ message: text })).slice('**rendering**\n\n'.length);
        expect(openMarkup(message)).toEqual([]);
        expect(message.replace(/\\(.)/gs, '$1')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
