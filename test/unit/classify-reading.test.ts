import { describe, expect, test } from 'vitest';
import { classifyReading } from '../../src/json2video/classify-reading.js';
import type { Reading } from '../../src/render/reading.js';

const readMovie = (movie: object): Reading =>
  classifyReading({
    status: 200,
    body: JSON.stringify({ success: true, movie, remaining_quota: { time: 1807 } }),
  });

const DONE = {
  success: true,
  status: 'done',
  message: '',
  project: 'JkGxEoPRF9EgRb32',
  url: 'https://assets.json2video.com/clients/c/renders/2026-05-12-36066.mp4',
  ass: 'https://assets.json2video.com/clients/c/renders/2026-05-12-36066.ass',
  created_at: '2026-05-12T10:00:00.000Z',
  ended_at: '2026-05-12T10:03:15.000Z',
  duration: 108.2,
  size: 12_345_678,
  width: 1920,
  height: 1080,
  rendering_time: 195,
  'client-data': { order: 7, renderonce: { key: 'k', fingerprint: 'f', namespace: 'n' } },
};
const VIDEO = {
  url: DONE.url,
  subtitlesUrl: DONE.ass,
  durationSeconds: 108.2,
  sizeBytes: 12_345_678,
  width: 1920,
  height: 1080,
  renderingSeconds: 195,
  createdAt: DONE.created_at,
  endedAt: DONE.ended_at,
  clientData: { order: 7 },
};

describe('pending, running and unknown statuses: still rendering', () => {
  test.each(['pending', 'running', 'processing', 'DONE', 'cancelled?'])('%s is still rendering', (status) => {
    expect(readMovie({ status, url: null, message: '' })).toEqual({ says: 'rendering', status });
  });

  test('progress and message of a running render are handed on', () => {
    const movie = { status: 'running', progress: '42', message: 'Rendering\nscene 2' };
    expect(readMovie(movie)).toEqual({
      says: 'rendering',
      status: 'running',
      progressPercent: 42,
      message: 'Rendering scene 2',
    });
  });

  test.each([null, 7, '', undefined])('a status of %j is still rendering, without a status', (status) => {
    expect(readMovie({ status, project: 'p' })).toEqual({ says: 'rendering', status: 'without a status' });
  });
});

describe('done', () => {
  test('with a URL it is the video with all its facts, and the mark is not part of the client-data', () => {
    expect(readMovie(DONE)).toEqual({ says: 'done', video: VIDEO });
  });

  test('numbers that come as text are numbers', () => {
    const texts = {
      duration: '108.2',
      size: '12345678',
      width: '1920',
      height: '1080',
      rendering_time: '195',
    };
    expect(readMovie({ ...DONE, ...texts })).toEqual({ says: 'done', video: VIDEO });
  });

  test('facts that are missing or of the wrong kind are unknown, and the video is still the video', () => {
    const odd = {
      duration: 'long',
      size: null,
      width: [1920],
      height: '-5',
      ended_at: 5,
      'client-data': 'none',
    };
    const { rendering_time: _time, ass: _ass, created_at: _at, ...rest } = DONE;
    expect(readMovie({ ...rest, ...odd })).toEqual({
      says: 'done',
      video: {
        url: DONE.url,
        durationSeconds: null,
        sizeBytes: null,
        width: null,
        height: null,
        createdAt: null,
        endedAt: null,
        clientData: {},
      },
    });
  });

  test.each([null, '', undefined, 5])('with url %j the file is gone', (url) => {
    expect(readMovie({ ...DONE, url, message: 'deleted' })).toEqual({ says: 'gone', message: 'deleted' });
  });
});

describe('error and timeout', () => {
  test('an error carries its message, on one line and bounded', () => {
    const message = "Scene #1, element #1: Failed to download 'https://example.com/a.png' (404)";
    expect(readMovie({ success: false, status: 'error', message, url: null })).toEqual({
      says: 'error',
      message,
    });
    const long = readMovie({ status: 'error', message: `a\n${'b'.repeat(10_000)}` });
    expect(long).toHaveProperty('message', expect.stringMatching(/^a b{297}…$/));
  });

  test('an error without a message says so', () => {
    expect(readMovie({ status: 'error' })).toEqual({ says: 'error', message: 'the provider gave no reason' });
  });

  test('a timeout is a reading of its own, since it may yet become done', () => {
    expect(readMovie({ status: 'timeout', message: '' })).toMatchObject({ says: 'timeout' });
    expect(readMovie({ status: 'timeout', message: 'too long' })).toEqual({
      says: 'timeout',
      message: 'too long',
    });
  });
});
