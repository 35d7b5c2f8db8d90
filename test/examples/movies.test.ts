import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { FakeOptions } from 'json2video-local';
import { parseMovie, withMark } from '../../src/movie/movie.js';
import {
  type Answer,
  post,
  releaseFakes,
  startFake,
  status,
} from '../../packages/json2video-local/test/unit/support.js';

releaseFakes();

const FOLDER = new URL('../../examples/movies/', import.meta.url);
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

const exampleSchema = z.looseObject({ comment: z.string().min(20), template: z.string().optional() });

function example(name: string): z.infer<typeof exampleSchema> {
  return exampleSchema.parse(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
}

/** The movie as a worker sends it. */
function sent(name: string): object {
  const mark = { key: name, fingerprint: '0'.repeat(64), namespace: 'default' };
  return withMark(parseMovie(example(name), name), mark);
}

const text = (value: string): object => ({ type: 'text', text: value, style: '001' });

/** The templates that the examples name, as the account would hold them. */
const TEMPLATES = {
  [example('template-render').template ?? '']: {
    name: 'property-listing',
    movie: {
      resolution: 'full-hd',
      scenes: [{ duration: 5, elements: [text('{{address}}, {{bedrooms}} bedrooms: {{price}}')] }],
    },
  },
  [example('template-structured-variables').template ?? '']: {
    name: 'tour-offer',
    movie: {
      resolution: 'hd',
      scenes: [
        {
          iterate: 'scenes',
          duration: '{{sceneSeconds}}',
          elements: [
            { type: 'image', src: '{{imageUrl}}' },
            { type: 'voice', text: '{{voiceoverText}}' },
          ],
        },
      ],
    },
  },
};

/** What the movies of this page need of an account; callbacks would go to addresses that nobody has. */
const ACCOUNT: FakeOptions = {
  templates: TEMPLATES,
  connections: {
    'archive-sftp': { type: 'sftp', host: 'archive.example.com', username: 'renders', password: 'saved' },
    'listings-webhook': { type: 'webhook', endpoint: 'https://listings.example.com/hooks/video-ready' },
  },
  faults: [{ match: { call: 'create' }, effect: { kind: 'webhook', action: 'lose' } }],
};

/** How each example ends that is not simply done; the API page says where the messages come from. */
const ENDS: Readonly<Record<string, string>> = {
  'broken-video-without-src': "Scene #2 Element #1: The element type 'video' requires a 'src' property.",
  'broken-unknown-element':
    'Object [movie/scenes[0]/elements[1]] does not match any of possible schemas: rectangle',
  'broken-missing-image':
    "Scene #1, element #1: Failed to download 'https://cdn.example.com/missing/poster.jpg' (404)",
  'broken-fractional-zoom': "Property 'zoom' is not an integer in movie/scenes[0]/elements[0]",
  'broken-silent-voice': 'Scene #1, element #2: Voice generation failed: No text provided',
  'refused-unknown-template': 'Template AAAAAAAAAAAAAAAAAAAA not found',
};

const projectOf = (answer: Answer): string => z.object({ project: z.string() }).parse(answer.json).project;
const startsWith = (prefix: string): string[] => NAMES.filter((name) => name.startsWith(prefix));

test('every example has a name in kebab-case and a comment of its own that says what it shows', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(8);
  for (const name of NAMES) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(new Set(NAMES.map((name) => example(name).comment)).size).toBe(NAMES.length);
});

test('the page of examples lists every movie, and no other', () => {
  const page = readFileSync(new URL('../README.md', FOLDER), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)\.json` /gm)].map(([, name = '']) => name);
  expect(rows.toSorted()).toEqual(NAMES.toSorted());
});

test('an example that does not end as done says so in its name', () => {
  expect([...startsWith('broken-'), ...startsWith('refused-')].toSorted()).toEqual(
    Object.keys(ENDS).toSorted(),
  );
});

test.each(NAMES)(
  '%s passes the checks that are made before anything is sent, and nothing is lost',
  (name) => {
    expect(parseMovie(example(name), name)).toEqual(example(name));
  },
);

test.each(NAMES.filter((name) => ENDS[name] === undefined))(
  '%s is accepted and ends as done',
  async (name) => {
    const fake = await startFake(ACCOUNT);
    const project = projectOf(await post(fake, sent(name)));
    fake.advance(600);

    expect(await status(fake, project)).toMatchObject({ status: 'done', message: '' });
    expect(fake.movies({ key: name })).toMatchObject([{ project, status: 'done' }]);
  },
);

test.each(startsWith('broken-'))(
  '%s is accepted, and fails with the message on the API page',
  async (name) => {
    const fake = await startFake(ACCOUNT);
    const project = projectOf(await post(fake, sent(name)));
    fake.advance(600);

    expect(await status(fake, project)).toMatchObject({ status: 'error', message: ENDS[name] });
  },
);

test.each(startsWith('refused-'))('%s is refused by the POST, and spends nothing', async (name) => {
  const fake = await startFake(ACCOUNT);
  const answer = await post(fake, sent(name));

  expect([answer.code, answer.json]).toEqual([400, expect.objectContaining({ message: ENDS[name] })]);
  expect(fake.movies()).toEqual([]);
  expect(fake.credits().spent).toBe(0);
});

test('the structured variables come through with their types: three scenes of four seconds', async () => {
  const fake = await startFake(ACCOUNT);
  const project = projectOf(await post(fake, sent('template-structured-variables')));
  fake.advance(600);
  expect(await status(fake, project)).toMatchObject({ duration: 12, width: 1280, height: 720 });
});

test('the template render has the size that it asks for, not the one of its template', async () => {
  const fake = await startFake(ACCOUNT);
  const project = projectOf(await post(fake, sent('template-render')));
  fake.advance(600);
  expect(await status(fake, project)).toMatchObject({ width: 1080, height: 1920 });
});

test('the cache pair gives two projects, the second done at once, and each keeps its own client-data', async () => {
  const fake = await startFake({ ...ACCOUNT, fixedClock: true });
  const first = projectOf(await post(fake, sent('cache-pair-first')));
  fake.advance(600);
  const second = projectOf(await post(fake, sent('cache-pair-second')));

  expect(second).not.toBe(first);
  expect(await status(fake, second)).toMatchObject({ status: 'done', 'client-data': { customer: 1002 } });
});

test('a misspelt client-data is not echoed', async () => {
  const fake = await startFake(ACCOUNT);
  const project = projectOf(await post(fake, example('client-data-misspelt')));
  expect(await status(fake, project)).toMatchObject({ 'client-data': {} });
});
