import { describe, expect, test } from 'vitest';
import { readJsonText } from '../../src/text/json-text.js';
import { checkMovie, checkReadMovie } from '../../src/movie/check.js';

const scene = (element: object, more: object = {}): object => ({
  ...more,
  scenes: [{ elements: [element] }],
});
const codesOf = (movie: object): string[] =>
  checkMovie(movie).warnings.map(({ code, path }) => `${code} ${path}`);
const AT = 'scenes[0].elements[0]';
const soon = new Date(Date.now() + 600_000);
const basic = soon.toISOString().replace(/[-:]|\.\d+/g, '');

describe('a movie that would be refused has faults', () => {
  test.each<[string, string, { path: string; message: unknown }]>([
    [
      'no JSON',
      '{\n "scenes": [],\n}',
      { path: '', message: expect.stringMatching(/^line 3, column 1: .*comma/) },
    ],
    [
      'a comment',
      '// movie\n{}',
      { path: '', message: expect.stringMatching(/^line 1, column 1: .*comment/) },
    ],
    ['no object', '[]', { path: '', message: 'the movie is not a JSON object' }],
    [
      'lost digits',
      '{"client-data":{"id":12345678901234567890}}',
      { path: 'client-data.id', message: expect.stringContaining('write it as text') },
    ],
    [
      'a private address',
      '{"scenes":[{"elements":[{"type":"image","src":"http://10.0.0.1/a.png"}]}]}',
      { path: `${AT}.src`, message: expect.stringContaining('10.0.0.1') },
    ],
    [
      'our mark',
      '{"client-data":{"renderonce":{}}}',
      { path: '', message: expect.stringMatching('reserved') },
    ],
  ])('%s', (_, text, fault) => {
    expect(checkReadMovie(readJsonText(text))).toMatchObject({ ok: false, faults: [fault] });
  });

  test('all of them are named, and none if any address is allowed', () => {
    const src = 'http://10.0.0.1/a.png';
    const image = { type: 'image', src };
    const movie = { scenes: [{ elements: [image, image] }] };
    expect(checkMovie(movie).faults).toHaveLength(2);
    expect(checkMovie(movie, { assets: 'any' })).toMatchObject({ ok: true, faults: [] });
  });
});

describe('what the provider finds out only while rendering is a warning', () => {
  test.each<[string, object, string[]]>([
    [
      'an empty voice text behind a generated picture',
      {
        scenes: [
          {
            elements: [
              { type: 'image', prompt: 'A bee', model: 'flux-pro' },
              { type: 'voice', text: ' ' },
            ],
          },
        ],
      },
      ['voice-text-empty scenes[0].elements[1].text'],
    ],
    [
      'a voice of an empty variable',
      scene({ type: 'voice', text: '{{line}}' }, { variables: { line: '' } }),
      [`voice-text-empty ${AT}.text`],
    ],
    ['a voice without text', scene({ type: 'voice' }), [`voice-text-empty ${AT}.text`]],
    [
      'a voice of a variable that is not there',
      scene({ type: 'voice', text: '{{line}}' }),
      [`voice-text-empty ${AT}.text`, `variable-unresolved ${AT}.text`],
    ],
    [
      'an empty src',
      scene({ type: 'video', src: '{{clip}}' }, { variables: { clip: '' } }),
      [`src-empty ${AT}.src`],
    ],
    ['a missing src', scene({ type: 'audio' }), [`src-empty ${AT}.src`]],
    [
      'an empty src of one item',
      {
        variables: { rows: [{ u: 'https://a.example/1.png' }, { u: '' }] },
        scenes: [{ iterate: 'rows', elements: [{ type: 'image', src: '{{u}}' }] }],
      },
      [`src-empty ${AT}.src`],
    ],
    [
      'a src that is no URL, as a page of the documentation has it',
      scene({ type: 'image', src: 'background.jpg' }),
      [`src-no-url ${AT}.src`],
    ],
    ['an unknown type', scene({ type: 'rectangle' }), [`type-unknown ${AT}.type`]],
    ['a misspelt name', { scenes: [], client_data: {} }, ['name-unknown client_data']],
    ['another name of the template', { templateId: 't' }, ['name-unknown templateId']],
    ['an unknown name', { scenes: [], resolutoin: 'hd' }, ['name-unknown resolutoin']],
    [
      'a variable that the movie lacks',
      scene({ type: 'text', text: 'Hi {{ name }}' }),
      [`variable-unresolved ${AT}.text`],
    ],
    [
      'an asset without TLS',
      scene({ type: 'image', src: 'http://a.example/1.png' }),
      [`http-asset ${AT}.src`],
    ],
    [
      'an asset without TLS in html',
      scene({ type: 'html', html: '<img src="http://a.example/1.png">' }),
      [`http-asset ${AT}.html`],
    ],
    [
      'a URL signed for AWS',
      scene({ type: 'image', src: `https://a.example/1?X-Amz-Date=${basic}&X-Amz-Expires=60` }),
      [`url-expires ${AT}.src`],
    ],
    [
      'a URL signed for Google',
      scene({ type: 'image', src: `https://a.example/1?X-Goog-Date=${basic}&X-Goog-Expires=60` }),
      [`url-expires ${AT}.src`],
    ],
    [
      'a URL signed for CloudFront',
      scene({
        type: 'image',
        src: `https://a.example/1?Expires=${Math.floor(soon.getTime() / 1_000)}&Signature=x`,
      }),
      [`url-expires ${AT}.src`],
    ],
    [
      'a URL signed for Azure',
      scene({ type: 'image', src: `https://a.example/1?se=${encodeURIComponent(soon.toISOString())}&sig=x` }),
      [`url-expires ${AT}.src`],
    ],
  ])('%s', (_, movie, codes) => {
    expect(codesOf(movie).toSorted()).toEqual(codes.toSorted());
    expect(checkMovie(movie).ok).toBe(true);
  });

  test.each<[string, object]>([
    ['a template, which has variables of its own', { template: 't', variables: {}, comment: '{{x}}' }],
    [
      'an element that a condition leaves out',
      scene({ type: 'image', condition: '{{photo}}', src: '{{photo}}' }),
    ],
    [
      'a time of another element',
      {
        scenes: [
          {
            elements: [
              { type: 'text', id: 'a', text: 'x' },
              { type: 'text', text: 'y', start: '{{a_end}}' },
            ],
          },
        ],
      },
    ],
    [
      'an asset that is made before the scenes',
      scene(
        { type: 'image', src: '{{hero.url}}' },
        { preload: [{ id: 'hero', type: 'image', prompt: 'A bee', model: 'flux-schnell' }] },
      ),
    ],
    [
      'an expression',
      scene({ type: 'voice', text: '{{ a > 1 ? b : c }}' }, { variables: { a: 1, b: 'x', c: 'y' } }),
    ],
    [
      'a URL that is signed for longer',
      scene({ type: 'image', src: `https://a.example/1?X-Amz-Date=${basic}&X-Amz-Expires=86400` }),
    ],
    [
      'a page of no signature that expires',
      scene({ type: 'image', src: 'https://a.example/1?expires=1000000000' }),
    ],
    [
      'business data and comments',
      { scenes: [], comment: '{{x}}', 'client-data': { a: '{{x}}', type: 'q' } },
    ],
  ])('but not %s', (_, movie) => {
    expect(codesOf(movie)).toEqual([]);
  });

  test('signed URLs need to last only as long as submissions are repeated', () => {
    const movie = scene({ type: 'image', src: `https://a.example/1?X-Amz-Date=${basic}&X-Amz-Expires=60` });
    expect(checkMovie(movie, { submitPatienceSeconds: 60 }).warnings).toEqual([]);
  });
});
