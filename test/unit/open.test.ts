import { expect, test } from 'vitest';
import { runPage, uiOf } from '../../src/cli/commands/open.js';

test.each([
  ['localhost:7233', 'http://localhost:8233'],
  ['127.0.0.1:7300', 'http://127.0.0.1:8300'],
  ['[::1]:7233', 'http://[::1]:8233'],
  ['videos.a1b2c.tmprl.cloud:7233', 'https://cloud.temporal.io'],
  ['us-east-1.aws.api.temporal.io:7233', 'https://cloud.temporal.io'],
])('the UI of the engine at %s is %s', (address, ui) => {
  expect(uiOf(address)).toBe(ui);
});

test.each(['temporal.internal:7233', 'tmprl.cloud.example.com:7233', '10.0.0.7:7233'])(
  'the UI of the engine at %s is not guessed',
  (address) => {
    expect(() => uiOf(address)).toThrow('give --ui URL');
  },
);

test('the address of a run holds the key unchanged, with any characters', () => {
  const page = runPage('https://ui.example.com/', {
    namespace: 'a b',
    workflowId: 'order/1?x#y%',
    runId: 'r',
  });

  expect(page).toBe('https://ui.example.com/namespaces/a%20b/workflows/order%2F1%3Fx%23y%25/r/timeline');
  expect(decodeURIComponent(new URL(page).pathname.split('/')[4] ?? '')).toBe('order/1?x#y%');
});
