// Makes docs/demo.png: runs the demo and takes a picture of its end, in Chromium. Part of `npm run screenshots`.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const demo = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'demo'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let text = '';
demo.stdout.setEncoding('utf8').on('data', (chunk) => {
  text += chunk;
});
const code = await new Promise((resolve) => demo.once('close', resolve));
if (code !== 0) throw new Error(`the demo ended with ${code}`);

const escaped = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const lines = escaped.split('\n');
const width = Math.max(...lines.map((line) => line.length));
const page = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; background: #14171f; color: #d8dee9; font: 15px/1.5 'DejaVu Sans Mono', monospace; }
  pre { margin: 0; padding: 24px 28px; } b { color: #a3be8c; font-weight: normal; } i { color: #81a1c1; font-style: normal; }
</style><pre><i>$ npm run demo</i>\n\n${lines.map((line, index) => (index === lines.length - 1 ? `<b>${line}</b>` : line)).join('\n')}</pre>`;

const folder = await mkdtemp(join(tmpdir(), 'renderonce-picture-'));
try {
  await writeFile(join(folder, 'demo.html'), page);
  await promisify(execFile)(chromium, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--window-size=${Math.ceil(width * 9.1) + 60},${(lines.length + 2) * 23 + 60}`,
    `--screenshot=${join(root, 'docs/demo.png')}`,
    `file://${join(folder, 'demo.html')}`,
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
