import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalProvider } from '../support/local-provider.js';
import { openStage, type Stage } from '../support/stage.js';
import type { EngineKind } from '../support/stage-engine.js';
import { acceptWitness } from '../support/witness.js';
import { Ledger } from './ledger.js';
import { type Backend, Starter } from './starter.js';

/** What all cells share: engine, receiver, and a provider whose ledger on disk is the oracle. */
export interface FaultStage extends Stage {
  readonly ledger: Ledger;
  /** True if workers that nothing happens to run in this process, which takes much less time than processes of their own. */
  readonly isHosting: boolean;
  /** A backend that nothing happens to: one process, started when it is first asked for, for all cells. */
  backend(taskQueue: string): Promise<Backend>;
  /** The same stage with another provider, which the caller stops. */
  withOwnProvider(): Promise<FaultStage>;
}

/** Long enough for every barrier after acceptance, short enough to wait for. */
const RENDER_SECONDS = 6;

export async function openFaultStage({
  engine = 'memory',
  isHosting = true,
}: { engine?: EngineKind; isHosting?: boolean } = {}): Promise<FaultStage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-fault-'));
  let providers = 0;
  const provider = () => {
    providers += 1;
    const dataFolder = join(folder, `provider-${providers}`);
    const ledger = new Ledger(join(dataFolder, 'ledger.jsonl'));
    // An account of its own: what the engine knows of one provider's movies is no witness for the list of another.
    const apiKey = `key-${providers}`;
    return { ledger, options: { renderSeconds: RENDER_SECONDS, dataFolder, apiKey } };
  };
  const { ledger, options } = provider();
  const stage = await openStage({ engine, provider: options });
  await stage.startReceiver();
  const close = stage.close.bind(stage);
  let starter: Promise<Starter> | undefined;
  const whole: FaultStage = Object.assign(stage, {
    ledger,
    isHosting,
    backend: async (taskQueue: string) => {
      starter ??= Starter.start(stage.engine.address);
      return (await starter).on(taskQueue);
    },
    withOwnProvider: async () => {
      const own = provider();
      const fake = await startLocalProvider(own.options);
      const env = { ...stage.env, JSON2VIDEO_API_KEY: fake.apiKey };
      return { ...whole, fake, env, ledger: own.ledger };
    },
    close: async () => {
      await (await starter)?.stop();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  });
  return whole;
}

/** Has one movie accepted, so that a look can prove an absence whatever is struck first. */
export async function acceptFirst(stage: FaultStage): Promise<void> {
  const worker = await stage.startWorker();
  await acceptWitness(stage);
  worker.kill('SIGTERM');
  await worker.exit;
}
