import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../src/engine/process-liveness.js';
import { untilGone } from './processes.js';

/** Its first thread ends, and the other says so; it has the port until it ends. */
const FIRST_THREAD_ENDS = `
import ctypes, pathlib, socket, threading, time
held = socket.create_server(('127.0.0.1', 0))
def last():
    stat = pathlib.Path('/proc/self/stat')
    while ' Z ' not in stat.read_text(): time.sleep(0.01)
    print('first thread has ended', flush=True)
    time.sleep(60)
threading.Thread(target=last).start()
ctypes.CDLL(None).pthread_exit(None)
`;

test.runIf(process.platform === 'linux')(
  'a process runs until its last thread has ended, whose ports it holds',
  async () => {
    const child = spawn('python3', ['-c', FIRST_THREAD_ENDS], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const { pid = 0 } = child;
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toContain('first thread has ended');
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await untilGone(pid)).toBe(true);
  },
);
