import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Env, watched } from '../processes.js';
import { until } from '../until.js';
import { type Block, blocksOf } from './blocks.js';
import { Shown } from './printed.js';

export interface Hands {
  /** The reader's folder. */
  readonly folder: string;
  /** All variables of the commands; more may be added on the way. */
  readonly env: Record<string, string | undefined>;
  /** What is run instead of what the page says, such as a packed package for a published one. Each must occur. */
  readonly instead?: Record<string, string>;
  /** What happens in the world before the first block of a chapter. */
  readonly before?: Readonly<Record<string, () => Promise<void>>>;
  /** Told what each command printed that stays. */
  readonly serving?: (printed: string) => void;
}

interface Started {
  readonly printed: () => string;
  readonly ended: Promise<number>;
  /** Sends the signal to all of its processes, as a terminal does with Ctrl-C, and waits for their end. */
  stop(signal?: NodeJS.Signals): Promise<unknown>;
}

const READY_MS = 60_000;

/** Does everything that a page says, block by block, as its reader does; tells what is not as the page says. */
export async function faultsOf(page: string, hands: Hands): Promise<string[]> {
  const reader = new Reader(hands);
  const blocks = blocksOf(page);
  try {
    for (const [index, block] of blocks.entries()) await reader.take(block, blocks[index + 1]);
  } finally {
    await reader.close();
  }
  return [...reader.faults, ...reader.idle().map((each) => `the page does not hold ${each}`)];
}

class Reader {
  readonly faults: string[] = [];
  readonly #hands: Hands;
  readonly #shown = new Shown();
  readonly #staying: (Started & { readonly commands: string })[] = [];
  readonly #met = new Set<string>();
  #printed: string | undefined;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  async take(block: Block, next: Block | undefined): Promise<void> {
    const { folder, before = {} } = this.#hands;
    if (!this.#met.has(block.chapter)) await before[block.chapter]?.();
    this.#met.add(block.chapter);
    switch (block.kind) {
      case 'file':
        return writeFile(join(folder, block.name), `${this.#actual(block.text)}\n`);
      case 'command':
        return this.#run(block);
      case 'service':
        return this.#serve(block, next);
      case 'output':
        if (this.#printed === undefined) this.#blame(block, 'nothing has printed this');
        else if (!this.#shown.isShown(block.text, this.#printed))
          this.#blame(block, `shown is\n${block.text}\nprinted was\n${this.#printed}`);
        this.#printed = undefined;
    }
  }

  async #run(block: Block & { kind: 'command' }): Promise<void> {
    const { ended, printed } = start(this.#actual(block.text), this.#hands);
    const exit = await ended;
    this.#printed = this.#documented(printed());
    if (exit !== block.exit) this.#blame(block, `exit code ${exit}, not ${block.exit}:\n${this.#printed}`);
  }

  /** Starts what stays, and waits until it has printed what the page shows next. */
  async #serve(block: Block, next: Block | undefined): Promise<void> {
    if (next?.kind !== 'output') return this.#blame(block, 'it is not shown when this is ready');
    const commands = this.#actual(block.text);
    await this.#interrupt(commands);
    const started = start(commands, this.#hands);
    this.#staying.push({ commands, ...started });
    const printed = (): string => this.#documented(started.printed());
    const isReady = until('it serves', () => this.#shown.isShown(next.text, printed()), READY_MS);
    const early = await Promise.race([isReady.catch(String), started.ended]);
    if (early !== true) this.#blame(block, typeof early === 'number' ? `it ended with ${early}` : early);
    this.#printed = printed();
    this.#hands.serving?.(started.printed());
  }

  /** Presses Ctrl-C in the terminal in which this runs, if it does: the page starts it again there. */
  async #interrupt(commands: string): Promise<void> {
    const index = this.#staying.findIndex((each) => each.commands === commands);
    for (const running of index < 0 ? [] : this.#staying.splice(index, 1)) await running.stop('SIGINT');
  }

  #actual(text: string): string {
    const replaced = Object.entries(this.#hands.instead ?? {}).reduce((result, [documented, actual]) => {
      if (result.includes(documented)) this.#met.add(documented);
      return result.replaceAll(documented, actual);
    }, text);
    return this.#shown.actual(replaced);
  }

  #documented(printed: string): string {
    const replaced = Object.entries(this.#hands.instead ?? {});
    return replaced.reduce((result, [documented, actual]) => result.replaceAll(actual, documented), printed);
  }

  #blame({ line }: Block, what: string): void {
    this.faults.push(`line ${line}: ${what}`);
  }

  /** What was prepared for the page, and does not occur in it. */
  idle(): string[] {
    const { instead = {}, before = {} } = this.#hands;
    return [...Object.keys(instead), ...Object.keys(before)].filter((each) => !this.#met.has(each));
  }

  async close(): Promise<void> {
    for (const each of this.#staying.toReversed()) await each.stop();
  }
}

/** Runs commands in a shell with a process group of its own, so that what they start ends with them. */
function start(commands: string, { folder, env }: { folder: string; env: Env }): Started {
  const child = watched(
    spawn('sh', ['-ec', `exec 2>&1\n${commands}`], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    }),
  );
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close').then(() => child.exitCode ?? 1);
  return {
    printed: () => text,
    ended,
    stop: (signal = 'SIGTERM') => {
      if (child.exitCode === null) process.kill(-(child.pid ?? 0), signal);
      return ended;
    },
  };
}
