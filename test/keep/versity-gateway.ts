import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../support/cluster/free-ports.js';
import { environmentOf, watched } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import { CREDENTIALS, s3Server, type S3Server } from '../support/s3-server.js';
import { until } from '../support/until.js';

const PACKAGE = 'github.com/versity/versitygw/cmd/versitygw';
const VERSION = 'v1.8.0';

/**
 * Starts versitygw, an S3 server that checks signatures and every header. It is built once, from Go's modules, into the
 * user's cache. Returns a text that says why not if it cannot be built.
 */
export async function startVersityGateway(): Promise<S3Server | string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'renderonce');
  const program = join(cache, `versitygw-${VERSION}`);
  if (!(await exists(program))) {
    const failure = await build(cache, program);
    if (failure !== undefined) return failure;
  }
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-versitygw-'));
  await Promise.all(['objects', 'attributes'].map((name) => mkdir(join(folder, name))));
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const { AWS_ACCESS_KEY_ID: name = '', AWS_SECRET_ACCESS_KEY: secret = '' } = CREDENTIALS;
  const keys = ['--access', name, '--secret', secret];
  const child = watched(
    spawn(
      program,
      [
        '--port',
        `127.0.0.1:${port}`,
        ...keys,
        '--quiet',
        'posix',
        '--sidecar',
        join(folder, 'attributes'),
        join(folder, 'objects'),
      ],
      { env: environmentOf({}), stdio: 'ignore' },
    ),
  );
  const answers = (): Promise<boolean> =>
    fetch(endpoint).then(
      () => true,
      () => false,
    );
  await until('versitygw answers', () => child.exitCode !== null || answers());
  if (child.exitCode !== null) return `versitygw ends with ${child.exitCode}`;
  return s3Server('versitygw', endpoint, async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
}

/** Builds in a folder of its own; the program gets its name when it is whole. */
async function build(cache: string, program: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-go-'));
  await mkdir(cache, { recursive: true });
  const env = { ...process.env, GOBIN: folder };
  const { code, stderr } = await runProgram('go', ['install', `${PACKAGE}@${VERSION}`], { env });
  if (code === 0) await rename(join(folder, 'versitygw'), program).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
  if (code === 0 && (await exists(program))) return undefined;
  return code === 127
    ? 'go is missing'
    : `go cannot build versitygw: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
