import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWebhook } from '../../src/json2video/webhook-payload.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const PROJECT = 'JkGxEoPRF9EgRb32';
const WITHOUT_PROJECT = { status: 'done', url: 'https://assets.json2video.com/clients/c/renders/1.mp4' };
const P3 = { project: PROJECT, ...WITHOUT_PROJECT };

const parse = (body: unknown, contentType = JSON_TYPE) =>
  parseWebhook(contentType, typeof body === 'string' ? body : JSON.stringify(body));

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

describe('a delivery that names no project is none', () => {
  const deep = (depth: number, [open, close]: readonly [string, string]): string =>
    `{"project":"${PROJECT}","client-data":${open.repeat(depth)}1${close.repeat(depth)}}`;

  test.each<[string, unknown]>([
    ['no project', WITHOUT_PROJECT],
    ['an empty project', { ...P3, project: '' }],
    ['a project that is too long', { ...P3, project: 'x'.repeat(65) }],
    ['a project that is null', { ...P3, project: null }],
    ['a project that is a number', { ...P3, project: 1_234_567_890_123_456 }],
    ['a project that is a list', { ...P3, project: [PROJECT] }],
    ['a project under an inherited name', `{"__proto__":{"project":"${PROJECT}"}}`],
    ['an envelope whose movie names none', { success: true, movie: WITHOUT_PROJECT }],
    ['an empty object', {}],
    ['a list', [P3]],
    ['an empty list', []],
    ['a text', JSON.stringify(PROJECT)],
    ['a number', '5'],
    ['null', 'null'],
    ['no body', ''],
    ['white space', ' \n'],
    ['half of the JSON', JSON.stringify(P3).slice(0, -1)],
    ['JSON with something behind it', `${JSON.stringify(P3)}{}`],
    ['HTML', '<html>Bad Gateway</html>'],
    ['lists nested 5,000 deep', deep(5_000, ['[', ']'])],
    ['objects nested 5,000 deep', deep(5_000, ['{"a":', '}'])],
    ['lists nested a level deeper than 64', deep(64, ['[', ']'])],
  ])('%s', (_, body) => {
    expect(parse(body)).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['separators alone', '=&&='],
    ['an empty project', 'project='],
    ['a project that is too long', `project=${'x'.repeat(65)}`],
    ['half of an escape', 'project%5'],
    ['an inherited name', '__proto__=x'],
    ['JSON', JSON.stringify(P3)],
  ])('a form of %s', (_, body) => {
    expect(parse(body, FORM_TYPE)).toBeUndefined();
  });

  test('but a project of 64 characters and nesting of 64 levels are taken', () => {
    expect(parse({ project: 'x'.repeat(64) })).toEqual({ project: 'x'.repeat(64), hasUrl: false });
    expect(parse(deep(63, ['[', ']']))).toEqual({ project: PROJECT, hasUrl: false });
  });
});

type Parse = typeof parseWebhook;

const contentTypes = fc.oneof(fc.constantFrom(JSON_TYPE, FORM_TYPE, ''), fc.string());
const fields = fc.constantFrom('project', 'status', 'url', 'movie', 'client-data', '__proto__', 'message');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(PROJECT, 'done', '', null, 5),
    fc.string(),
    fc.dictionary(fields, tie('value')),
  ),
}));
const bodies = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.dictionary(fields, value).map((body) => JSON.stringify(body)),
  fc.dictionary(fields, fc.string()).map(form),
  fc.json(),
);

const keeps = (read: Parse) =>
  fc.property(contentTypes, bodies, (contentType, body) => {
    const claim = read(contentType, body);
    if (claim === undefined) return;
    const { project, status = '', hasUrl, ...more } = claim;
    expect([typeof project, typeof status, typeof hasUrl, more]).toEqual(['string', 'string', 'boolean', {}]);
    expect(project.length >= 1 && project.length <= 64 && status.length <= 80).toBe(true);
    expect(status).not.toMatch(/\p{Cc}/u);
  });

describe('arbitrary bytes of an arbitrary content type', () => {
  test('never throw, and claim only a project, a status and the presence of a URL', () => {
    expect(() => fc.assert(keeps(parseWebhook), { numRuns: 2_000 })).not.toThrow();
  });

  test.each<[string, Parse]>([
    ['throws if a body is no JSON', (_, body) => parseWebhook(JSON_TYPE, JSON.stringify(JSON.parse(body)))],
    [
      'hands the status on as it came',
      (contentType, body) => {
        const claim = parseWebhook(contentType, body);
        return claim?.status === undefined ? claim : { ...claim, status: `${claim.status}\n` };
      },
    ],
  ])('are too much for a reader that %s: caught', (_, read) => {
    expect(fc.check(keeps(read), { numRuns: 2_000 })).toMatchObject({ failed: true });
  });
});
