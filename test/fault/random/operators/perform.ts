import type { Accepted } from '../provider/movies.js';
import type { RandomStage } from '../stage.js';
import { resetKey } from './reset.js';
import type { Called } from './processes.js';
import type { Deed, Script, Variant } from './script.js';

/** One deed and how it went. */
export interface Done {
  readonly key: string;
  readonly deed: Deed;
  readonly fromMs: number;
  /** It must have ended so long after its beginning. */
  readonly limitMs: number;
  /** When it ended; nothing if it did not within its limit. */
  readonly toMs?: number;
  readonly told?: Called | { readonly engine: string };
}

/** Beyond a call's own deadline: engine and machine are busy, or away. */
const SLACK_MS = 20_000;

/** Calls that wait for the end of a render, or for a decision, are given up by their callers after this time. */
const PATIENCE_MS = 60_000;

/** Calls without a deadline of ours: two or three of the engine's, of 10 s each. */
const SHORT_MS = 30_000;

/** The movie of a key. `client-data` is the caller's own: the ledger counts by it. */
function movieOf(key: string, variant: Variant) {
  return {
    resolution: 'full-hd',
    'client-data': { trial: key, variant },
    scenes: [{ duration: 5, elements: [{ type: 'text', text: `Movie ${variant} of ${key}`, style: '001' }] }],
  };
}

/** Does what operators and callers do with the keys of one provider. */
export class Performer {
  readonly #stage: RandomStage;
  readonly #taskQueue: string;
  readonly #accepted: readonly Accepted[];
  /** Everything that was done, in the order of its beginning. */
  readonly done: Done[] = [];

  constructor(stage: RandomStage, taskQueue: string, accepted: readonly Accepted[]) {
    this.#stage = stage;
    this.#taskQueue = taskQueue;
    this.#accepted = accepted;
  }

  /** Does one deed, and waits for its end or its limit. */
  async perform({ key, options }: Pick<Script, 'key' | 'options'>, deed: Deed): Promise<Done> {
    const begun = { key, deed, fromMs: Date.now(), limitMs: limitOf(deed) };
    const index = this.done.push(begun) - 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), begun.limitMs);
    });
    const told = await Promise.race([this.#do(key, options, deed), late]);
    clearTimeout(timer);
    const ended = told === undefined ? begun : { ...begun, toMs: Date.now(), told };
    this.done[index] = ended;
    return ended;
  }

  async #do(key: string, options: Script['options'], deed: Deed): Promise<NonNullable<Done['told']>> {
    const { client, callers } = this.#stage;
    const call = (name: string, args: readonly unknown[], abortMs?: number): Promise<Called> =>
      callers['caller' in deed ? deed.caller : 'plain'].call({
        taskQueue: this.#taskQueue,
        call: name,
        args,
        ...(abortMs === undefined ? {} : { abortMs }),
      });
    switch (deed.do) {
      case 'submitOnce':
      case 'start':
      case 'render': {
        const { movie, restart, deadlineMs } = deed;
        const given = { ...options, deadlineMs, ...(restart ? { restart } : {}) };
        return call(
          deed.do,
          [key, movieOf(key, movie), given],
          deed.do === 'render' ? PATIENCE_MS : undefined,
        );
      }
      case 'result':
        return call('result', [key, {}], PATIENCE_MS);
      case 'status':
      case 'cancel':
        return call(deed.do, [key]);
      case 'decide': {
        const terms = {
          by: `operator-${this.done.length}`,
          why: 'drawn',
          ...(deed.force ? { force: true } : {}),
        };
        return call('resolve', [key, this.#choice(key, deed), terms], PATIENCE_MS);
      }
      default: {
        const handle = client.workflow.getHandle(key);
        const done =
          deed.do === 'reset'
            ? resetKey(client, key, deed)
            : deed.do === 'terminate'
              ? handle.terminate('drawn').then(() => 'terminated')
              : deleteKey(client, key);
        return done.then(
          (engine) => ({ engine }),
          (error: unknown) => ({ engine: `refused: ${String(error)}` }),
        );
      }
    }
  }

  #choice(key: string, { action, foreign = false }: Extract<Deed, { do: 'decide' }>): unknown {
    if (action !== 'adopt') return action;
    const fit = this.#accepted.filter((each) => (each.key === key) !== foreign);
    return { adopt: fit.at(-1)?.project ?? 'NoSuchProject000' };
  }
}

function limitOf(deed: Deed): number {
  switch (deed.do) {
    case 'submitOnce':
    case 'start':
      return deed.deadlineMs + SLACK_MS;
    case 'render':
    case 'result':
    case 'decide':
      return PATIENCE_MS + SLACK_MS;
    default:
      return SHORT_MS + SLACK_MS;
  }
}

/** Deletes a key's newest run, which the engine does a moment later. */
async function deleteKey(client: RandomStage['client'], key: string): Promise<string> {
  await client.workflowService.deleteWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: key },
  });
  return 'deleted';
}
