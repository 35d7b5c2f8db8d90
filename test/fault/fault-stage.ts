import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage, type Stage } from '../support/stage.js';
import { Ledger } from './ledger.js';

/** What all cells share: engine, receiver, and a provider whose ledger on disk is the oracle. */
export interface FaultStage extends Stage {
  readonly ledger: Ledger;
}

/** Long enough for every barrier after acceptance, short enough to wait for. */
const RENDER_SECONDS = '6';

export async function openFaultStage(fakeArgs: readonly string[] = []): Promise<FaultStage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-fault-'));
  const file = join(folder, 'ledger.jsonl');
  const stage = await openStage({
    fakeArgs: ['--render-seconds', RENDER_SECONDS, '--ledger', file, ...fakeArgs],
  });
  await stage.startReceiver();
  const { close } = stage;
  return Object.assign(stage, {
    ledger: new Ledger(file),
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
