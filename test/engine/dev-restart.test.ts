import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { Renders } from '../../src/starter.js';
import { ledgerAt } from '../support/local-provider.js';
import { expectNoProcessLeft, type Running, startCommand } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';

expectNoProcessLeft();

async function rendersOf(dev: Running): Promise<Renders> {
  const connection = await Connection.connect({ address: String(dev.said['temporalAddress']) });
  onTestFinished(() => connection.close());
  return new Renders({ client: new Client({ connection }) });
}

test.each(['SIGINT', 'SIGKILL'] as const)(
  'a render in flight while dev ends by %s is done after its next start, paid once, and its video is there',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'renderonce-dev-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const start = () => startCommand(['dev', '--port', '0', '--dir', folder], {});
    const key = freshKey('dev-restart');
    const first = await start();
    const { project } = await (await rendersOf(first)).submitOnce(key, CARD);
    const before = await ledgerAt(String(first.said['json2videoUrl']));
    expect(before.movies).toMatchObject([{ project, credits: 0 }]);
    first.kill(signal);
    await first.exit;

    const second = await start();
    onTestFinished(async () => void (await second.stop()));
    const result = await (await rendersOf(second)).result(key);
    expect(result).toMatchObject({ status: 'done', key, project });
    const after = await ledgerAt(String(second.said['json2videoUrl']));
    expect(after.movies).toMatchObject([{ project, key, status: 'done', credits: 5 }]);
    expect((await fetch(result.url)).status).toBe(200);
  },
  180_000,
);
