import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeProcess } from '../support/fake-process.js';
import { openStage, type Stage } from '../support/stage.js';
import { Bundles } from './bundles.js';
import { Ledger } from './ledger.js';
import { type Backend, Starter } from './starter.js';

/** What all cells share: engine, receiver, and a provider whose ledger on disk is the oracle. */
export interface FaultStage extends Stage {
  readonly ledger: Ledger;
  readonly bundles: Bundles;
  /** A backend that nothing happens to: one process, started when it is first asked for, for all cells. */
  backend(taskQueue: string): Promise<Backend>;
  /** The same stage with another provider, which the caller stops. */
  withOwnProvider(): Promise<FaultStage>;
}

/** Long enough for every barrier after acceptance, short enough to wait for. */
const RENDER_SECONDS = '6';

/** With `onDisk` its engine can be killed and comes back; in memory its data ends with it, and takes less time. */
export async function openFaultStage({ onDisk = false } = {}): Promise<FaultStage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-fault-'));
  let providers = 0;
  const provider = () => {
    providers += 1;
    const file = join(folder, `ledger-${providers}.jsonl`);
    return { ledger: new Ledger(file), args: ['--render-seconds', RENDER_SECONDS, '--ledger', file] };
  };
  const { ledger, args: fakeArgs } = provider();
  const stage = await openStage({ onDisk, fakeArgs });
  await stage.startReceiver();
  const close = stage.close.bind(stage);
  let starter: Promise<Starter> | undefined;
  return Object.assign(stage, {
    ledger,
    bundles: new Bundles(folder),
    backend: async (taskQueue: string) => {
      starter ??= Starter.start({ address: stage.engine.address });
      return (await starter).on(taskQueue);
    },
    withOwnProvider: async () => {
      const own = provider();
      const fake = await startFakeProcess(['--no-cache', ...own.args]);
      return { ...stage, fake, ledger: own.ledger } as FaultStage;
    },
    close: async () => {
      await (await starter)?.stop();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
