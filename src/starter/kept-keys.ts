import type { Client } from '@temporalio/client';
import { OptionsInvalid } from '../render/errors.js';
import type { EventMemo } from '../render/event.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { abortable, callEngine, type CallOptions } from '../temporal/ask-engine.js';
import { quoted, searchable } from '../temporal/render-index.js';
import { membersOf } from '../text/json.js';
import { shorten } from '../text/text.js';
import { WORKFLOWS } from '../workflows/messages.js';

/** Most keys in one query. */
const KEYS = 50;

/** Returns the condition of a query for one key; other keys may match it, too. */
export function keyCondition(key: string): string {
  const prefix = searchable(key);
  return prefix === key ? `WorkflowId=${quoted(key)}` : `WorkflowId STARTS_WITH ${quoted(prefix)}`;
}

/** Reads the keys of renders whose video was kept or lost, from the workflows that followed them. */
export async function* keysOf(
  client: Client,
  kept: 'kept' | 'lost',
  options: CallOptions,
): AsyncGenerator<readonly string[]> {
  if (kept !== 'kept' && kept !== 'lost') {
    throw new OptionsInvalid(`kept is ${shorten(String(kept), 60)}, and must be kept or lost`);
  }
  const query = `WorkflowType="${WORKFLOWS.after}" AND RenderKept="${kept}"`;
  let keys: string[] = [];
  for await (const { memo } of pageByPage(client, client.workflow.list({ query }), options)) {
    const { key } = membersOf<EventMemo>(memo);
    if (typeof key === 'string') keys.push(key);
    if (keys.length < KEYS) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}

/** Reads each page under a deadline, since Temporal's client would wait for it without end. */
export async function* pageByPage<T>(
  client: Client,
  items: AsyncIterable<T>,
  { signal, deadlineMs = ENGINE_CALL_MS }: CallOptions,
): AsyncGenerator<T> {
  const pages = items[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> =>
    callEngine(client, undefined, Date.now() + deadlineMs, () => pages.next());
  for (;;) {
    const page = await abortable(client, { signal }, next);
    if (page.done === true) return;
    yield page.value;
  }
}
