import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVideoFiles, FileGone, type VideoFiles } from '../../src/json2video/video-files.js';
import { says, startVideoServer, type VideoServer, whole } from '../support/video-server.js';

const FILE = Buffer.from('a file');
const { signal } = new AbortController();

let server: VideoServer;
let other: VideoServer;
let files: VideoFiles;
beforeAll(async () => {
  server = await startVideoServer(whole(FILE));
  other = await startVideoServer(whole(FILE));
  files = createVideoFiles({ apiUrl: server.url, hosts: ['cdn.example.com'], env: {} });
});
beforeEach(() => server.answerWith(whole(FILE)));
afterAll(async () => {
  await files.close();
  await Promise.all([server.close(), other.close()]);
});

test('a file of the address of a local JSON2Video is opened, with its size', async () => {
  const file = await files.open(`${server.url}/1.mp4`, signal);
  const chunks = [];
  for await (const chunk of file.body) chunks.push(chunk);
  expect([file.sizeBytes, Buffer.concat(chunks).toString()]).toEqual([6, 'a file']);
});

describe('nothing is fetched from an address that is not the provider’s', () => {
  test.each([
    ['another host', 'https://example.com/1.mp4'],
    ['a host whose name ends alike', 'https://evil-json2video.com/1.mp4'],
    ['a host below another', 'https://json2video.com.example.com/1.mp4'],
    ['another bucket', 'https://json2video-cdn1.s3.amazonaws.com.example.com/1.mp4'],
    ['the metadata service of a cloud', 'http://169.254.169.254/latest/meta-data'],
    ['http', 'http://assets.json2video.com/1.mp4'],
    ['a port', 'https://assets.json2video.com:8443/1.mp4'],
    ['credentials', 'https://user:secret@assets.json2video.com/1.mp4'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['another port of the local JSON2Video', () => `${other.url}/1.mp4`],
  ])('%s', async (_what, url) => {
    const address = typeof url === 'string' ? url : url();
    await expect(files.open(address, signal)).rejects.toThrow('is no file server of the provider');
    expect(other.requests()).toBe(0);
  });

  test('a real account trusts no file of the host of its API over http', async () => {
    const real = createVideoFiles({ apiUrl: 'http://api.json2video.com', env: {} });
    await expect(real.open('http://api.json2video.com/1.mp4', signal)).rejects.toThrow('no file server');
    await real.close();
  });
});

test.each([
  'https://json2video-cdn1.s3.amazonaws.com/clients/x/renders/1.mp4',
  'https://json2video-cdn2.s3.us-east-1.amazonaws.com/1.mp4',
  'https://assets.json2video.com/clients/x/renders/1.mp4',
  'https://cdn.example.com/1.mp4',
])('%s is asked for', async (url) => {
  const never = AbortSignal.abort(new Error('not sent'));
  await expect(files.open(url, never)).rejects.toThrow(/cannot be reached: .*not sent/);
});

describe('redirects', () => {
  const to = (location: string) => says(302, '', { location });

  test('on the provider’s servers are followed', async () => {
    server.answerWith(to('/2.mp4'), whole(FILE));
    expect((await files.open(`${server.url}/1.mp4`, signal)).sizeBytes).toBe(6);
  });

  test('to elsewhere are refused', async () => {
    server.answerWith(to(`${other.url}/1.mp4`));
    await expect(files.open(`${server.url}/1.mp4`, signal)).rejects.toThrow('is no file server');
    expect(other.requests()).toBe(0);
  });

  test('without end are given up', async () => {
    server.answerWith(to('/1.mp4'));
    await expect(files.open(`${server.url}/1.mp4`, signal)).rejects.toThrow('redirects more than 3 times');
  });
});

test.each([403, 404, 410])('HTTP %i means that the file is not there', async (status) => {
  server.answerWith(says(status, '<Error/>'));
  await expect(files.open(`${server.url}/1.mp4`, signal)).rejects.toBeInstanceOf(FileGone);
});

test('a server that does not answer is named', async () => {
  const closed = await startVideoServer(whole(FILE));
  await closed.close();
  const local = createVideoFiles({ apiUrl: closed.url, env: {} });
  await expect(local.open(`${closed.url}/1.mp4`, signal)).rejects.toThrow(
    /cannot be reached: nothing listens/,
  );
  await local.close();
});
