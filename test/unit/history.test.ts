import type { Client } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import { readHistory } from '../../src/starter/history.js';

const payloadsOf = (value: unknown): object => ({ payloads: [defaultPayloadConverter.toPayload(value)] });

/** Reads a history of these events, without their times. */
async function read(...events: object[]): Promise<object[]> {
  const client = {
    options: {
      loadedDataConverter: {
        payloadConverter: defaultPayloadConverter,
        failureConverter: defaultFailureConverter,
        payloadCodecs: [],
      },
    },
    workflow: { getHandle: () => ({ fetchHistory: async () => ({ events }) }) },
  } as unknown as Client;
  const recorded = await readHistory(client, 'key', 'run');
  return recorded.map(({ atMs: _atMs, ...rest }) => rest);
}

const request = (name: string, updateId: string): object => ({
  meta: { updateId },
  input: { name, args: payloadsOf({ action: 'abandon' }) },
});
const accepted = (name: string, updateId: string): object => ({
  workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: request(name, updateId) },
});
const completed = (updateId: string, outcome: object): object => ({
  workflowExecutionUpdateCompletedEventAttributes: { meta: { updateId }, outcome },
});

test('a decision is read with its answer or its refusal', async () => {
  expect(
    await read(
      accepted('resolveSubmission', 'd1'),
      completed('d1', { success: payloadsOf({ message: 'given up' }) }),
      accepted('resolveSubmission', 'd2'),
      completed('d2', { failure: { message: 'too early' } }),
    ),
  ).toEqual([
    { what: 'decision', id: 'd1', request: { action: 'abandon' } },
    { what: 'decided', id: 'd1', answer: { message: 'given up' } },
    { what: 'decision', id: 'd2', request: { action: 'abandon' } },
    { what: 'decided', id: 'd2', refused: 'too early' },
  ]);
});

test('a decision that a reset repeats is read once', async () => {
  expect(
    await read(
      { workflowExecutionUpdateAdmittedEventAttributes: { request: request('resolveSubmission', 'd1') } },
      accepted('resolveSubmission', 'd1'),
      completed('d1', { success: payloadsOf({ message: 'given up' }) }),
    ),
  ).toMatchObject([{ what: 'decision' }, { what: 'decided' }]);
});

test('the answer of a submission is no decision, even if it looks like one', async () => {
  const answer = { success: payloadsOf({ project: 'P', key: 'k', message: 'the key is given up' }) };
  expect(await read(accepted('submit', 'submit'), completed('submit', answer))).toEqual([]);
});

test('a rejection that callers of a submission get is no refused decision, also beside a decision', async () => {
  const rejected = completed('submit', { failure: { message: 'Scene 1 is invalid' } });
  expect(await read(accepted('submit', 'submit'), rejected)).toEqual([]);
  expect(
    await read(
      accepted('submit', 'submit'),
      accepted('resolveSubmission', 'd1'),
      completed('d1', { success: payloadsOf({ message: 'given up' }) }),
      rejected,
    ),
  ).toMatchObject([
    { what: 'decision', id: 'd1' },
    { what: 'decided', id: 'd1' },
  ]);
});

test('a webhook is a hint, and any other signal is named', async () => {
  const signal = (signalName: string): object => ({
    workflowExecutionSignaledEventAttributes: { signalName, input: payloadsOf({ project: 'P' }) },
  });
  expect(await read(signal('renderWebhook'), signal('pause'))).toEqual([
    { what: 'hint', hint: { project: 'P' } },
    { what: 'unknown signal', name: 'pause' },
  ]);
});
