import { getEventListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { abortable } from '../../src/temporal/ask-engine.js';

/** A client whose calls take no notice of their signal, as the engine's does of one that was aborted before. */
const client = {
  withAbortSignal: (_signal: AbortSignal, work: () => Promise<unknown>) => work(),
} as unknown as Client;

const never = (): Promise<never> => new Promise(() => undefined);

test('an abort ends a call at once with the reason, whatever the call itself does', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const waiting = abortable(client, controller, never);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('the abort is passed on to the calls, and the reason wins over what they make of it', async () => {
  const controller = new AbortController();
  let told = false;
  const failing = (own?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      own?.addEventListener('abort', () => {
        told = true;
        reject(new Error('cancelled on the client'));
      });
    });
  const waiting = abortable(client, controller, failing);
  controller.abort('over');
  await expect(waiting).rejects.toBe('over');
  expect(told).toBe(true);
});

test('with a signal that is aborted already nothing is asked', async () => {
  let asked = 0;
  const work = async (): Promise<void> => void (asked += 1);
  await expect(abortable(client, { signal: AbortSignal.abort('before') }, work)).rejects.toBe('before');
  expect(asked).toBe(0);
});

test('a call that has ended leaves no listener on a signal that lives on', async () => {
  const { signal } = new AbortController();
  const failure = new Error('failed');
  expect(await abortable(client, { signal }, async () => 'answer')).toBe('answer');
  await expect(abortable(client, { signal }, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('without a signal a call is only made', async () => {
  expect(await abortable(client, {}, async () => 'answer')).toBe('answer');
});
