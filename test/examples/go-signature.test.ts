import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { runProgram } from '../support/run-program.js';

const SOURCE = fileURLToPath(new URL('../support/go-webhook/', import.meta.url));
const SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';

const folder = await mkdtemp(join(tmpdir(), 'renderonce-go-webhook-'));
const program = join(folder, 'verify');
const built = await runProgram('go', ['build', '-o', program, '.'], { cwd: SOURCE });

test.skipIf(built.code !== 0)(
  'the Go library of Standard Webhooks verifies what we sign, and nothing else',
  async () => {
    const body = JSON.stringify({ type: 'render.done', data: { key: 'ü€😀' } });
    const at = new Date();
    const headers = (of: string) => ({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(SECRET).sign('evt_1', at, of),
    });
    const lines = [
      { secret: SECRET, body, headers: headers(body) },
      { secret: SECRET, body, headers: headers(`${body} `) },
    ];
    const said = await new Promise<string>((resolve) => {
      const child = execFile(program, (_error, stdout) => resolve(stdout));
      child.stdin?.end(lines.map((line) => JSON.stringify(line)).join('\n'));
    });
    expect(said.trim().split('\n')).toEqual(['verified', 'refused']);
  },
);
