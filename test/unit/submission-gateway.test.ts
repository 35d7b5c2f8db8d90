import { describe, expect, test } from 'vitest';
import {
  ALLOWANCE_MESSAGE,
  CREDIT_MESSAGES,
  HTML,
  KEY_MESSAGES,
  PROJECT,
  replied,
} from './submission-replies.js';

const PLAIN_4XX = [400, 401, 402, 403, 404, 405, 409, 415, 422, 451, 499];

describe("4xx whose body is not the API's JSON (gateway, firewall): refused", () => {
  test.each(PLAIN_4XX)('%i in HTML, in plain text, empty or cut off is refused', (status) => {
    const cut = JSON.stringify({ success: false, message: 'Template not found' }).slice(0, -4);
    for (const body of [HTML, 'Forbidden', '', 'null', '[]', '"Forbidden"', { detail: 'blocked' }, cut]) {
      expect(replied(status, body)).toMatchObject({
        end: 'refused',
        waitingFor: 'the gateway in front of JSON2Video',
        httpStatus: status,
      });
    }
  });

  test.each(PLAIN_4XX)(
    "%i with the API's JSON that did not arrive whole is refused, never rejected",
    (status) => {
      for (const message of ['Template not found', ALLOWANCE_MESSAGE, ...KEY_MESSAGES, ...CREDIT_MESSAGES]) {
        expect(replied(status, { success: false, message }, { complete: false })).toMatchObject({
          end: 'refused',
        });
      }
    },
  );

  test('a refusal without a readable message names its status', () => {
    expect(replied(403, HTML)).toHaveProperty('message', 'HTTP 403 without a readable message');
  });
});

describe('401 and 403 in general', () => {
  test.each([401, 403])(
    "%i with the API's JSON and any other message is about the key or its role",
    (status) => {
      for (const body of [
        { message: 'Forbidden' },
        { message: 'Unauthorized' },
        { success: false },
        { error: '' },
      ]) {
        expect(replied(status, body)).toMatchObject({ end: 'refused', waitingFor: 'a valid API key' });
      }
    },
  );

  test.each(['error: INVALID API KEY', 'Invalid api-key', 'Your API_KEY has expired', 'ApiKey not found'])(
    '400 "%s" is about the key, however it is spelt',
    (message) => {
      expect(replied(400, { message })).toMatchObject({ end: 'refused', waitingFor: 'a valid API key' });
    },
  );
});

describe('413 and any other 4xx with the API’s JSON: rejected', () => {
  test.each([HTML, '', '{}', { message: 'Request Entity Too Large' }])(
    '413 with body %j is rejected',
    (body) => {
      expect(replied(413, body)).toMatchObject({ end: 'rejected', httpStatus: 413 });
      expect(replied(413, body, { complete: false })).toMatchObject({ end: 'rejected', httpStatus: 413 });
    },
  );

  test('400 with a project in it is a rejection all the same', () => {
    const body = { success: false, project: PROJECT, message: 'No movie JSON received' };
    expect(replied(400, body)).toMatchObject({ end: 'rejected', message: 'No movie JSON received' });
  });
});

describe('2xx with success: false and a known refusal', () => {
  test.each(CREDIT_MESSAGES)('200 "%s" waits for credits', (message) => {
    expect(replied(200, { success: false, message })).toMatchObject({
      end: 'refused',
      waitingFor: 'credits',
    });
  });

  test.each(KEY_MESSAGES)('200 "%s" waits for a valid API key', (message) => {
    const submission = replied(200, { success: false, message });
    expect(submission).toMatchObject({ end: 'refused', waitingFor: 'a valid API key' });
  });
});

describe('every status from 100 to 599', () => {
  const every = Array.from({ length: 500 }, (_, index) => 100 + index);
  const endsOf = (body: unknown): Record<string, number[]> => {
    const ends: Record<string, number[]> = {};
    for (const status of every) (ends[replied(status, body).end] ??= []).push(status);
    return ends;
  };
  const from = (low: number, high: number, ...without: number[]): number[] =>
    every.filter((status) => status >= low && status <= high && !without.includes(status));
  const OPEN = [...from(100, 199), ...from(300, 399), 408, ...from(500, 599)];

  test('with a project only a 2xx is accepted', () => {
    expect(endsOf({ success: true, project: PROJECT })).toEqual({
      accepted: from(200, 299),
      unknown: OPEN,
      refused: [401, 403, 429],
      rejected: from(400, 499, 401, 403, 408, 429),
    });
  });

  test('with a complaint about the movie only a 4xx is rejected', () => {
    expect(endsOf({ message: ALLOWANCE_MESSAGE })).toEqual({
      unknown: [...from(100, 399), 408, ...from(500, 599)],
      refused: [429],
      rejected: from(400, 499, 408, 429),
    });
  });

  test('with a page of HTML only a 4xx is surely not taken', () => {
    expect(endsOf(HTML)).toEqual({
      unknown: [...from(100, 399), 408, ...from(500, 599)],
      refused: from(400, 499, 408, 413),
      rejected: [413],
    });
  });
});

describe('the message', () => {
  test.each([
    ['`message` before `error`', { message: 'first', error: 'second' }, 'first'],
    ['`error` if `message` is blank', { message: ' ', error: 'second' }, 'second'],
    ['`error` if `message` is no text', { message: { text: 'x' }, error: 'second' }, 'second'],
    ['one line', { message: 'first\r\n\tsecond\u0000' }, 'first second'],
  ])('is %s', (_, body, expected) => {
    expect(replied(400, body)).toHaveProperty('message', expected);
  });

  test('is cut if it is too long for a page', () => {
    const { message } = replied(400, { message: 'x'.repeat(100_000) }) as { message: string };
    expect(message).toHaveLength(300);
    expect(message.endsWith('…')).toBe(true);
  });
});
