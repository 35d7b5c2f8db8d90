import { expect, test } from 'vitest';
import { failureOf } from '../../src/http/drop-in/failure.js';
import { providerMovie, type ProjectView } from '../../src/http/drop-in/movie-view.js';
import { EngineUnavailable, SubmissionPending } from '../../src/render/errors.js';
import type { RenderedMovie } from '../../src/render/outcome.js';

const VIEW: ProjectView = {
  key: 'order-1',
  state: 'rendering',
  project: 'AAAAAAAAAAAAAAAA',
  attempts: 1,
  startedAt: '2026-11-29T12:00:00.000Z',
  movie: { scenes: [] },
};
const ENDED = {
  fingerprint: '',
  submittedAt: VIEW.startedAt,
  caller: '',
  key: VIEW.key,
  project: VIEW.project,
};
const DONE: RenderedMovie = {
  ...ENDED,
  status: 'done',
  url: 'https://assets.example/a.mp4',
  subtitlesUrl: 'https://assets.example/a.ass',
  durationSeconds: 4,
  sizeBytes: 700,
  width: 1280,
  height: 720,
  createdAt: null,
  endedAt: '2026-11-29T12:01:00.000Z',
  expiresAt: '2026-12-06T12:01:00.000Z',
  clientData: {},
};
const closed = { closedAt: '2026-11-29T13:00:00.000Z' };
const shown = (view: Partial<ProjectView>, at = VIEW.startedAt) =>
  providerMovie({ ...VIEW, ...view }, 'simple', Date.parse(at));

test("the provider's own word and progress stand in the status of a render that goes on", () => {
  expect(shown({})).toMatchObject({ status: 'pending', ended_at: null, url: null });
  expect(shown({ providerStatus: 'pending' })).toMatchObject({ status: 'pending' });
  expect(shown({ providerStatus: 'running 42 %: scene 1' })).toMatchObject({
    status: 'running',
    progress: 42,
  });
  expect(shown({ providerStatus: 'no status: HTTP 500' })).toMatchObject({ status: 'running' });
});

test('an error that may still recover ends no wait of a client', () => {
  const going = shown({ providerStatus: 'error: Failed to download' });
  expect(going).toMatchObject({ status: 'running' });
  expect(going).not.toHaveProperty('success');
});

test('every end without a video is an error, which all clients know as an end', () => {
  for (const status of ['failed', 'timed-out', 'cancelled'] as const) {
    const outcome = { ...ENDED, status, message: `it was ${status}` };
    expect(shown({ ...closed, state: status, outcome })).toMatchObject({
      success: false,
      status: 'error',
      message: `it was ${status}`,
      url: null,
      ended_at: closed.closedAt,
    });
  }
  expect(shown({ ...closed, state: 'abandoned', message: 'given up' })).toMatchObject({
    status: 'error',
    message: 'given up',
  });
});

test('the link is null once the provider has deleted the file', () => {
  const done = { ...closed, state: 'done', outcome: DONE } as const;
  expect(shown(done)).toMatchObject({ success: true, status: 'done', url: DONE.url, ass: DONE.subtitlesUrl });
  expect(shown(done, '2026-12-06T12:01:00.000Z')).toMatchObject({ status: 'done', url: null, ass: null });
});

test('a failure names no address of the engine, and a held movie is asked for less often', () => {
  const away = failureOf(
    new EngineUnavailable('connect ECONNREFUSED 10.0.0.7:7233', { key: 'a' }),
    undefined,
  );
  expect(away).toMatchObject({ status: 503, retrySeconds: 5 });
  expect(away.message).not.toContain('10.0.0.7');
  const seconds = (state: 'submitting' | 'held') =>
    failureOf(new SubmissionPending(state, { key: 'a' }), undefined).retrySeconds;
  expect([seconds('submitting'), seconds('held')]).toEqual([5, 60]);
});
