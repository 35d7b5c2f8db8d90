import type { ServerResponse } from 'node:http';
import type { FakeOptions } from 'json2video-local';
import { type Browser, startBrowser } from '../support/chromium.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { EVENT_SECRET } from '../support/event-signature.js';
import type { Env, Running } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';

interface ServedStage {
  readonly stage: Stage;
  readonly server: Running;
}

interface WatchedStage extends ServedStage {
  readonly receiver: EventReceiver;
  readonly browser: Browser;
  close(): Promise<void>;
}

interface WatchedOptions {
  readonly provider: FakeOptions;
  /** Answers each event. */
  readonly answer: (response: ServerResponse) => void;
}

/** Opens a stage with a worker, and a server that knows the tokens in `env`. */
export async function openServed(env: Env): Promise<ServedStage> {
  const stage = await openStage({ provider: { renderSeconds: 1 } });
  const [server] = await Promise.all([stage.startServer(env), stage.hostWorker()]);
  return { stage, server };
}

/** Opens the same with a browser, and with a receiver of events that answers as told. */
export async function openWatched(
  chromium: string,
  env: Env,
  { provider, answer }: WatchedOptions,
): Promise<WatchedStage> {
  const stage = await openStage({ provider });
  const receiver = await startEventReceiver(answer);
  const events = {
    RENDERONCE_EVENTS_URL: receiver.url,
    RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
    RENDERONCE_EVENTS_PRIVATE: 'allow',
  };
  const [server, browser] = await Promise.all([
    stage.startServer({ ...env, ...events }),
    startBrowser(chromium),
    stage.hostWorker(events),
  ]);
  const close = async () =>
    void (await Promise.allSettled([browser.close(), stage.close(), receiver.stop()]));
  return { stage, server, receiver, browser, close };
}
