import { expect, test } from 'vitest';
import { callbackUrls } from '../../src/cli/webhook.js';
import { readConfig } from '../../src/config.js';

const SIGNED = { RENDERONCE_WEBHOOK_SECRET: 'a-secret-that-is-long-enough-to-sign-with' };

test.each([
  ['https://hooks.example.com', 'https://hooks.example.com/json2video/v1.'],
  ['https://hooks.example.com/', 'https://hooks.example.com/json2video/v1.'],
  ['https://example.com/hooks/', 'https://example.com/hooks/json2video/v1.'],
  ['https://example.com/hooks/?code=a/b#c', 'https://example.com/hooks/json2video/v1.'],
  ['https://example.com?code=a/', 'https://example.com/json2video/v1.'],
])('the token is in the path of a callback to %s', (RENDERONCE_WEBHOOK_URL, begin) => {
  const callback = callbackUrls(readConfig({ RENDERONCE_WEBHOOK_URL, ...SIGNED }))?.('order-1', new Date());
  const query = new URL(RENDERONCE_WEBHOOK_URL).search;

  expect(callback?.startsWith(begin)).toBe(true);
  expect(callback?.endsWith(query)).toBe(true);
  expect(new URL(callback ?? '').search).toBe(query);
});
