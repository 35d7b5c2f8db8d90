import { setTimeout as sleep } from 'node:timers/promises';

import type { Exchange } from '../http/exchange.js';
import type { FiredFault } from './fault-book.js';
import type { EffectOf } from './fault-rule.js';
import type { Reply } from '../http/reply.js';
import { creditRefusal, jsonReply, keyRefusal, refusal } from '../http/reply.js';
import type { Switches } from '../switches.js';
import type { Call } from '../records/journal.js';

/** One call and the means to answer it. */
interface Answering {
  readonly call: Call;
  readonly exchange: Exchange;
  readonly switches: Switches;
  /** Carries out the call (accepts the movie, deletes the file, …) and makes its honest reply. At most once. */
  readonly act: () => Promise<Reply>;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** Answers a call with the effect of the rule that fired for it. "before" and "after" refer to the call's `act`. */
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
      if (effect.accept) await act();
      return exchange.send(wantedReply(effect));
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
 * Answers late, as a slow server does. It does not notice that the client has left, so it carries out the call all the
 * same: a submission can be accepted long after its sender gave up.
 */
async function delayed({ exchange, act, closing }: Answering, effect: EffectOf<'delay'>): Promise<void> {
  try {
    await sleep(effect.ms, undefined, { signal: closing });
  } catch {
    return;
  }
  exchange.send(await act());
}

/** Holds the call until its release. If the client leaves a call that is parked `before`, the call has no effect. */
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

function wantedReply({ code, headers = {}, body }: EffectOf<'status'>): Reply {
  if (body === undefined) return { code, headers, body: '' };
  if (typeof body === 'string') return { code, headers: { 'content-type': 'text/html', ...headers }, body };
  const reply = jsonReply(code, body);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function accountReply(problem: EffectOf<'account'>['problem'], { call, switches }: Answering): Reply {
  switch (problem) {
    case 'no-credits':
      return creditRefusal(switches, call);
    case 'suspended':
      return refusal(switches, call, 403, 'account_suspended');
    case 'low-role':
      return refusal(switches, call, 403, 'Insufficient permissions');
    case 'bad-key':
      return keyRefusal(switches, 'Error: Invalid API Key');
  }
}
