import { describe, expect, test } from 'vitest';
import { classifySubmission } from '../../src/render/submission.js';
import {
  ALLOWANCE_MESSAGE,
  AT,
  BODY_SHAPES,
  CREDIT_MESSAGES,
  HTML,
  KEY_MESSAGES,
  MOVIE_MESSAGES,
  PROJECT,
  replied,
} from './submission-replies.js';

const SUCCESS = { success: true, project: PROJECT, timestamp: AT };

describe('2xx, JSON with a `project` string: accepted', () => {
  test.each([
    ['the documented reply', 200, SUCCESS],
    ['201', 201, SUCCESS],
    ['299', 299, SUCCESS],
    ['a reply with nothing but a project', 200, { project: PROJECT }],
    ['a reply with unknown names', 200, { ...SUCCESS, queue: [1] }],
    [
      'a reply that calls itself unsuccessful',
      200,
      { success: false, project: PROJECT, message: 'Invalid API Key' },
    ],
  ])('%s is an accepted submission', (_, status, body) => {
    expect(replied(status, body)).toEqual({ end: 'accepted', project: PROJECT, submittedAt: AT });
  });
});

describe('2xx with anything else; 3xx; 408; 5xx; reset or timeout after the request began: unknown', () => {
  test.each([
    ['no project', 200, { success: true }],
    ['a project that is null', 200, { success: true, project: null }],
    ['a project that is a number', 200, { success: true, project: 1234567890123456 }],
    ['a project that is empty', 200, { success: true, project: '' }],
    ['a project that is far too long', 200, { success: true, project: 'x'.repeat(5_000) }],
    ['a project within something else', 200, { movie: { project: PROJECT } }],
    ['success: false without a known refusal', 200, { success: false, message: 'Error storing movie JSON' }],
    ['success: false about the movie', 200, { success: false, message: ALLOWANCE_MESSAGE }],
    ['success: false without a message', 200, { success: false }],
    ['a known refusal without success: false', 200, { message: 'Insufficient credits' }],
    ['a list', 200, [SUCCESS]],
    ['a JSON string', 200, JSON.stringify(PROJECT)],
    ['null', 200, 'null'],
    ['no body', 200, ''],
    ['204 and no body', 204, ''],
    ['HTML', 200, HTML],
    ['half of the JSON', 200, JSON.stringify(SUCCESS).slice(0, -3)],
    ['301', 301, ''],
    ['302 with a project', 302, SUCCESS],
    ['307', 307, HTML],
    ['308', 308, { message: 'Permanent Redirect' }],
    ['408', 408, { message: 'Request Timeout' }],
    ['408 with a project', 408, SUCCESS],
    ['408 about credits', 408, { success: false, message: 'Insufficient credits' }],
    ['500 as the provider words it', 500, { error: 'Error starting subprocess' }],
    ['500 as others have seen it', 500, { success: false, message: 'Error storing movie JSON' }],
    ['500 with a project', 500, SUCCESS],
    ['500 about credits', 500, { success: false, message: 'Insufficient credits' }],
    ['502 in HTML', 502, HTML],
    ['503 with an empty body', 503, ''],
    ['504 of a gateway', 504, { message: 'Endpoint request timed out' }],
  ])('%s is unknown', (_, status, body) => {
    expect(replied(status, body)).toMatchObject({ end: 'unknown', httpStatus: status });
  });

  test.each([200, 201, 302, 408, 500, 503])('a truncated body with status %i is unknown', (status) => {
    expect(replied(status, SUCCESS, { complete: false })).toMatchObject({
      end: 'unknown',
      httpStatus: status,
    });
    const refusal = { success: false, message: 'Insufficient credits' };
    expect(replied(status, refusal, { complete: false })).toMatchObject({
      end: 'unknown',
      httpStatus: status,
    });
  });

  test.each(['read ECONNRESET', 'other side closed', 'no whole reply in time'])(
    '"%s" is unknown',
    (message) => {
      const submission = classifySubmission({ from: 'connection', bytesMayHaveLeft: true, message });
      expect(submission).toEqual({ end: 'unknown', message: expect.stringContaining(message) });
    },
  );
});

describe('activity timed out without `sending`; DNS failure, connection refused, TLS failure, connect timeout: refused', () => {
  test.each([
    'getaddrinfo ENOTFOUND api.json2video.com',
    'connect ECONNREFUSED 127.0.0.1:443',
    'self-signed certificate',
    'Connect Timeout Error',
    'not sent: the attempt is over',
  ])('"%s" is refused, since no byte left', (message) => {
    expect(classifySubmission({ from: 'connection', bytesMayHaveLeft: false, message })).toEqual({
      end: 'refused',
      waitingFor: 'a connection to JSON2Video',
      message,
    });
  });

  test('an engine that could not be asked for the movie is refused', () => {
    const submission = classifySubmission({
      from: 'preparation',
      waitingFor: 'the engine',
      message: 'deadline exceeded',
    });
    expect(submission).toEqual({ end: 'refused', waitingFor: 'the engine', message: 'deadline exceeded' });
  });

  test('an attempt that fell silent before sending is refused', () => {
    expect(classifySubmission({ from: 'timeout', sending: false })).toMatchObject({ end: 'refused' });
  });
});

describe('activity timed out with `sending`; any other activity failure: unknown', () => {
  test('an attempt that fell silent while sending is unknown', () => {
    expect(classifySubmission({ from: 'timeout', sending: true })).toMatchObject({ end: 'unknown' });
  });

  test.each([
    'Activity cancelled',
    'the worker shut down',
    "Cannot read properties of undefined (reading 'x')",
  ])('"%s" is unknown', (message) => {
    expect(classifySubmission({ from: 'failure', message })).toEqual({ end: 'unknown', message });
  });
});

describe('429: refused, not before `Retry-After`', () => {
  test.each([
    ['JSON', { message: 'Too Many Requests' }],
    ['an empty body', ''],
    ['HTML', HTML],
    ['a project', SUCCESS],
    ['a message about the key', { message: 'Error: Invalid API Key' }],
  ])('429 with %s is refused and keeps its wait', (_, body) => {
    expect(replied(429, body, { retryAfterMs: 7_000 })).toMatchObject({
      end: 'refused',
      waitingFor: 'the rate limit to pass',
      httpStatus: 429,
      retryAfterMs: 7_000,
    });
    expect(replied(429, body, { complete: false })).toMatchObject({ end: 'refused' });
  });
});

describe.each(BODY_SHAPES)('with a body of %s', (_, bodyOf) => {
  const cases = (messages: readonly string[]): [number, string][] =>
    [400, 401, 403].flatMap((status) => messages.map((message): [number, string] => [status, message]));

  test.each(cases(CREDIT_MESSAGES))('%i "%s" waits for credits', (status, message) => {
    expect(replied(status, bodyOf(message), { retryAfterMs: 9_000 })).toEqual({
      end: 'refused',
      waitingFor: 'credits',
      message,
      httpStatus: status,
      retryAfterMs: 9_000,
    });
  });

  test.each(cases(KEY_MESSAGES))('%i "%s" waits for a valid API key', (status, message) => {
    expect(replied(status, bodyOf(message))).toEqual({
      end: 'refused',
      waitingFor: 'a valid API key',
      message,
      httpStatus: status,
    });
  });

  test.each([
    ...MOVIE_MESSAGES.map((message): [number, string] => [400, message]),
    [401, ALLOWANCE_MESSAGE],
    [403, ALLOWANCE_MESSAGE],
    [404, 'Template not found'],
    [405, 'Method Not Allowed'],
    [413, 'Request Entity Too Large'],
    [422, 'Unprocessable Entity'],
  ])('%i "%s" rejects the movie, with the message', (status, message) => {
    expect(replied(status, bodyOf(message))).toEqual({ end: 'rejected', message, httpStatus: status });
  });
});
