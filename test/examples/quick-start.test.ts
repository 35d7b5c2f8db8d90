import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFolder } from '../support/another-node.js';
import { faultsOf } from '../support/guide/reader.js';
import { lastingPort } from '../support/lasting-port.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import { packPackage } from './packed-package.js';

expectNoProcessLeft();

const page = await readFile(new URL('../../docs/quick-start.md', import.meta.url), 'utf8');

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-newcomer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function ports(): Promise<string> {
  const given = [];
  for (const name of ['port', 'ui-port', 'fake-port']) given.push(`--${name} ${await lastingPort()}`);
  return given.join(' ');
}

const nodes = await Promise.all(
  ([20, 24] as const).map(async (major) => [major, await nodeFolder(major)] as const),
);

// The whole check installs what is missing, and fails without it.
const here = nodes.filter(([, node]) => typeof node !== 'string' || process.env['CI'] !== undefined);

test.each(here)(
  'with Node %i a newcomer gets from an empty folder to a video by the quick start alone, and breaks it as it says, with the package as it is packed',
  async (major, node) => {
    if (typeof node === 'string') throw new Error(node);
    const { HOME } = process.env;
    const PATH = `${node.bin}:${process.env['PATH']}`;
    const { stdout } = await runProgram('node', ['--version'], { env: { PATH } });
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
    const env: Record<string, string | undefined> = {
      PATH,
      HOME,
      PORT: '0',
      npm_config_prefer_offline: 'true',
      npm_config_engine_strict: 'false',
    };
    const instead: Record<string, string> = {
      // Not published yet.
      ' renderonce @': ` ${await packPackage(await temporaryFolder())} @`,
      // Other ports than a `dev` on this machine has. Its second start takes the same ones.
      'npx renderonce dev': `npx renderonce dev ${await ports()}`,
    };
    const faults = await faultsOf(page, {
      folder: await temporaryFolder(),
      env,
      instead,
      serving: (printed) => {
        const [, engine] = /engine: ([\d.:]+);/.exec(printed) ?? [];
        if (engine !== undefined) env['TEMPORAL_ADDRESS'] = engine;
        const [, backend] = /listening on (\S+)/.exec(printed) ?? [];
        if (backend !== undefined) instead['http://localhost:3000'] = backend;
      },
    });
    expect(faults).toEqual([]);
    expect(Object.keys(instead)).toContain('http://localhost:3000');
  },
  300_000,
);
