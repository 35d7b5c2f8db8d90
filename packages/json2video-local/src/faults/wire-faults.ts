import { setTimeout as sleep } from 'node:timers/promises';

import type { Exchange } from '../http/exchange.js';
import type { FiredFault } from './fault-book.js';
import type { EffectOf } from './fault-rule.js';
import type { Reply } from '../http/reply.js';
import { creditRefusal, jsonReply, keyRefusal, refusal } from '../http/reply.js';
import type { Quirks } from '../quirks.js';
import type { Call } from '../records/journal.js';
import { accepts, isLeftOpen } from './status-effect.js';

/** One call that is to be answered, well or badly. */
export interface Answering {
  readonly call: Call;
  readonly exchange: Exchange;
  readonly quirks: Quirks;
  /** Carries out the call (accepts the movie, deletes the file, …) and makes its honest reply. At most once. */
  readonly act: () => Promise<Reply>;
  /** Aborted when the fake closes. */
  readonly closing: AbortSignal;
}

/** Answers a call, with the effect of the rule that fired for it. "before" and "after" mean the call's `act`. */
export async function answer(answering: Answering, fault: FiredFault | undefined): Promise<void> {
  const { exchange, act } = answering;
  if (fault === undefined) return exchange.send(await act());
  const { effect } = fault;
  switch (effect.kind) {
    case 'refuse':
      return exchange.close();
    case 'reset-before':
      return exchange.reset();
    case 'reset-after':
      await act();
      return exchange.reset();
    case 'hang-before':
      return exchange.gone;
    case 'hang-after':
      await act();
      return exchange.gone;
    case 'delay':
      return delayed(answering, effect);
    case 'truncate':
      return exchange.sendPart(await act(), effect.bytes);
    case 'drip':
      return exchange.sendSlowly(await act(), effect.bytes, () => pause(answering, effect.ms));
    case 'status':
      return wantedStatus(answering, effect);
    case 'body':
      if (effect.accept) await act();
      return exchange.send({ ...jsonReply(200, null), body: effect.text });
    case 'park':
      return parked(answering, fault, effect);
    case 'account':
      return exchange.send(accountReply(effect.problem, answering));
  }
}

/**
 * A slow server: it does not notice that the client has left, so the call is carried out all the same. That
 * is how a submission can be accepted long after its sender gave up.
 */
async function delayed({ exchange, act, closing }: Answering, effect: EffectOf<'delay'>): Promise<void> {
  try {
    await sleep(effect.ms, undefined, { signal: closing });
  } catch {
    return;
  }
  exchange.send(await act());
}

/** Parked `before`, a client that leaves takes its request with it: nothing is accepted. */
async function parked(
  { exchange, act }: Answering,
  fault: FiredFault,
  effect: EffectOf<'park'>,
): Promise<void> {
  if (effect.at === 'before') {
    await fault.gate.wait(exchange.gone);
    if (!exchange.isGone) exchange.send(await act());
    return;
  }
  const reply = await act();
  await fault.gate.wait(exchange.gone);
  if (!exchange.isGone) exchange.send(reply);
}

async function pause({ exchange, closing }: Answering, ms: number): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: closing });
  } catch {
    return false;
  }
  return !exchange.isGone;
}

/** A 5xx whose rule leaves open whether a movie came into being means what the quirk `serverError` says. */
async function wantedStatus(answering: Answering, effect: EffectOf<'status'>): Promise<void> {
  const { exchange, act, quirks } = answering;
  if (accepts(effect, quirks)) await act();
  const isCut = isLeftOpen(effect) && answering.call === 'create' && quirks.serverError === 'created-and-cut';
  if (isCut) return exchange.reset();
  return exchange.send(wantedReply(effect));
}

function wantedReply({ code, headers = {}, body }: EffectOf<'status'>): Reply {
  if (body === undefined) return { code, headers, body: '' };
  if (typeof body === 'string') return { code, headers: { 'content-type': 'text/html', ...headers }, body };
  const reply = jsonReply(code, body);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function accountReply(problem: EffectOf<'account'>['problem'], { call, quirks }: Answering): Reply {
  switch (problem) {
    case 'no-credits':
      return creditRefusal(quirks, call);
    case 'suspended':
      return refusal(quirks, call, 403, 'account_suspended');
    case 'low-role':
      return refusal(quirks, call, 403, 'Insufficient permissions');
    case 'bad-key':
      return keyRefusal(quirks, 'Error: Invalid API Key');
  }
}
