import { describe, expect, test } from 'vitest';
import { parseWebhook } from '../../src/json2video/webhook-payload.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const PROJECT = 'JkGxEoPRF9EgRb32';
const URL_OF_VIDEO = 'https://assets.json2video.com/clients/c/renders/2026-05-12-36066.mp4';
const CLIENT_DATA = { order_id: 'order-1', renderonce: { key: 'order-1' } };

const parse = (body: unknown, contentType = JSON_TYPE) =>
  parseWebhook(contentType, typeof body === 'string' ? body : JSON.stringify(body));

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

const P4 = {
  width: '1920',
  height: '1080',
  duration: '10.5',
  size: '36066',
  url: URL_OF_VIDEO,
  project: PROJECT,
};
const P1 = { ...P4, id: 'my-id', 'client-data': CLIENT_DATA };
const P2 = {
  success: true,
  movie: {
    project: PROJECT,
    status: 'done',
    url: URL_OF_VIDEO,
    thumbnail: 'https://assets.json2video.com/t.jpg',
    duration: 12.5,
    size: 36_066,
    'client-data': CLIENT_DATA,
  },
};
const P3 = {
  project: PROJECT,
  status: 'done',
  url: URL_OF_VIDEO,
  duration: 12.5,
  size: 36_066,
  'client-data': CLIENT_DATA,
};
const { url: _url, ...P1_WITHOUT_URL } = P1;

const DONE = { project: PROJECT, status: 'done', hasUrl: true };
const WITHOUT_STATUS = { project: PROJECT, hasUrl: true };

describe('a delivery in each shape that the provider’s pages show names the project', () => {
  test.each([
    ['P1, flat with numbers as text', P1, WITHOUT_STATUS],
    ['P1 with success, status and message', { ...P1, success: true, status: 'done', message: '' }, DONE],
    ['P1 of a failed render, without url', P1_WITHOUT_URL, { project: PROJECT, hasUrl: false }],
    ['P2, an envelope like the GET', P2, DONE],
    ['P3, flat with a status', P3, DONE],
    ['P4, the old flat one', P4, WITHOUT_STATUS],
    ['P4 with the movie’s id', { ...P4, id: 'my-id' }, WITHOUT_STATUS],
  ])('%s', (_, body, claim) => {
    expect(parse(body)).toEqual(claim);
  });

  test.each([
    ['P3', { project: PROJECT, status: 'error', message: 'Failed to download' }],
    ['P2', { success: true, movie: { project: PROJECT, status: 'error', message: 'no source', url: null } }],
    ['P1', { ...P1_WITHOUT_URL, success: false, status: 'error', message: 'Movie duration cannot be zero' }],
  ])('an error as %s', (_, body) => {
    expect(parse(body)).toEqual({ project: PROJECT, status: 'error', hasUrl: false });
  });

  test.each([
    ['P1', { ...P4, id: 'my-id', 'client-data': JSON.stringify(CLIENT_DATA) }, WITHOUT_STATUS],
    ['P1 with brackets', { ...P4, 'client-data[order_id]': 'order-1' }, WITHOUT_STATUS],
    ['P3', { project: PROJECT, status: 'done', url: URL_OF_VIDEO, duration: '12.5' }, DONE],
    ['P4', P4, WITHOUT_STATUS],
    [
      'an error',
      { project: PROJECT, status: 'error', message: 'a & b' },
      { project: PROJECT, status: 'error', hasUrl: false },
    ],
  ])('%s as a form', (_, fields, claim) => {
    expect(parse(form(fields), FORM_TYPE)).toEqual(claim);
  });

  test.each([
    'Application/X-WWW-Form-URLEncoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    ' application/x-www-form-urlencoded',
  ])('a form whose content type is "%s"', (contentType) => {
    expect(parse(form(P4), contentType)).toEqual(WITHOUT_STATUS);
  });

  test.each(['', 'application/json; charset=utf-8', 'text/plain', 'application/octet-stream', 'json'])(
    'JSON whose content type is "%s"',
    (contentType) => {
      expect(parse(P3, contentType)).toEqual(DONE);
    },
  );
});

describe('a delivery is read with other content beside it', () => {
  test.each([
    ['unknown keys', { ...P3, event: 'movie.completed', meta: { attempt: 1, tags: ['new'] } }, DONE],
    [
      'an envelope with keys of its own',
      { ...P2, project: 'another', url: '', remaining_quota: { time: 5 } },
      DONE,
    ],
    ['a movie that is null beside flat fields', { ...P3, movie: null }, DONE],
    ['a movie that is a list beside flat fields', { ...P3, movie: [{ project: 'another' }] }, DONE],
    ['a movie that is text beside flat fields', { ...P3, movie: 'another' }, DONE],
    ['a status that is no text', { ...P3, status: { name: 'done' } }, WITHOUT_STATUS],
    ['a status that is null', { ...P3, status: null }, WITHOUT_STATUS],
    ['an empty url', { ...P3, url: '' }, { ...DONE, hasUrl: false }],
    ['a url that is null', { ...P3, url: null }, { ...DONE, hasUrl: false }],
    ['a url that is no text', { ...P3, url: [URL_OF_VIDEO] }, { ...DONE, hasUrl: false }],
    ['client-data that is no object', { ...P3, 'client-data': 'order-1', client_data: 5 }, DONE],
  ])('%s', (_, body, claim) => {
    expect(parse(body)).toEqual(claim);
  });

  test('a status is one short line for any content', () => {
    expect(parse({ ...P3, status: `do\u0000\r\nne ${'x'.repeat(5_000)}` })?.status).toBe(
      `do ne ${'x'.repeat(33)}…`,
    );
  });

  test.each([
    `{"__proto__":{"status":"done","url":"https://x.example"},"project":"${PROJECT}"}`,
    `{"movie":{"__proto__":{"status":"done","url":"https://x.example"},"project":"${PROJECT}"}}`,
    `{"constructor":{"prototype":{"url":"x"}},"__proto__":null,"project":"${PROJECT}"}`,
  ])('an inherited name claims nothing and changes nothing: %s', (body) => {
    expect(parse(body)).toEqual({ project: PROJECT, hasUrl: false });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'url')).toBe(false);
  });
});
