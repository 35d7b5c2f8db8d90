import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackedProject, type PackedProject } from './packed-package.js';

const LOCAL = fileURLToPath(new URL('../../packages/json2video-local/', import.meta.url));

let project: PackedProject;
beforeAll(async () => {
  project = await openPackedProject(LOCAL);
}, 300_000);
afterAll(() => project.close());

test('json2video-local installs alone, with two dependencies', async () => {
  const names = await readdir(join(project.folder, 'node_modules'));
  expect(names.filter((name) => !name.startsWith('.')).toSorted()).toEqual([
    'commander',
    'json2video-local',
    'zod',
  ]);
});

/** Starts the installed command, asks it for a render and stops it. */
const CLIENT = `
  import { spawn } from 'node:child_process';
  import { createInterface } from 'node:readline';
  const args = ['--port', '0', '--time-scale', '10000', '--json'];
  const child = spawn('node_modules/.bin/json2video-local', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const { url } = JSON.parse(line);
  const headers = { 'x-api-key': 'local-key' };
  const body = JSON.stringify({ scenes: [{ duration: 2, elements: [{ type: 'text', text: 'Hi' }] }] });
  const { project } = await (await fetch(url + '/v2/movies', { method: 'POST', headers, body })).json();
  let movie = {};
  while (movie.status !== 'done') {
    const reply = await fetch(url + '/v2/movies?project=' + project, { headers });
    movie = (await reply.json()).movie;
  }
  console.log(movie.status, movie.duration, (await fetch(movie.url)).headers.get('content-type'));
  child.kill('SIGTERM');
  child.once('exit', (code) => console.log('exit', code));`;

test('its command serves a render to a client that knows only its URL', async () => {
  await project.write('client.mjs', CLIENT);
  const ran = await project.node(['client.mjs']);
  expect(ran).toEqual({ code: 0, stdout: 'done 2 video/mp4\nexit 0\n', stderr: '' });
});

test('its library starts by import and by require', async () => {
  const script = `Promise.all(['json2video-local', 'json2video-local/command'].map(async (name) => {
    const [imported, required] = [await import(name), require(name)];
    console.log(Object.keys(imported).length > 0 && imported === required);
  }))`;
  expect(await project.node(['--eval', script])).toEqual({ code: 0, stdout: 'true\ntrue\n', stderr: '' });
});
