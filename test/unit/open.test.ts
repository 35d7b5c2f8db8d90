import { expect, test } from 'vitest';
import { listPage, runPage, uiOf } from '../../src/cli/commands/open.js';
import { callCommand } from '../support/call-command.js';

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

test('without a key, open prints the list of the Temporal UI with a filter by state', async () => {
  const page = listPage('https://ui.example.com/', 'a b', 'RenderState="failed"');
  expect(page).toBe('https://ui.example.com/namespaces/a%20b/workflows?query=RenderState%3D%22failed%22');

  const env = { TEMPORAL_ADDRESS: '127.0.0.1:7300' };
  const ran = await callCommand(['open', '--state', 'failed', '--json'], env);
  const { url, opened } = JSON.parse(ran.stdout) as { url: string; opened: boolean };
  expect({ code: ran.code, opened }).toEqual({ code: 0, opened: false });
  expect(new URL(url).searchParams.get('query')).toBe('WorkflowType="renderMovie" AND RenderState="failed"');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8300\/namespaces\/default\/workflows\?/);
  const both = await callCommand(['open', 'key-1', '--state', 'failed'], env);
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('give either a key or --state') });
});
