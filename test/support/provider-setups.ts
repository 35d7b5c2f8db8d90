import type { Mark } from '../../src/movie/movie.js';
import type { Reading } from '../../src/render/reading.js';
import { type Answer, httpReply, LOST, type ScriptedProvider, VIDEO } from './scripted-provider.js';

/** Sets a provider up; `mark` is the one that it would know the render's movie by. */
export type Setup = (provider: ScriptedProvider, gate: Gate, mark: Mark) => unknown;

/** Holds what a setup has wait for it, until a scenario lets it go on. */
export class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

export const RUNNING: Reading = { says: 'rendering', status: 'running', progressPercent: 40 };
export const DONE: Reading = { says: 'done', video: VIDEO };
export const ERROR: Reading = { says: 'error', message: 'Failed to download' };
export const GONE: Reading = { says: 'gone', message: '' };
export const MISSING: Reading = {
  says: 'missing',
  message: "Cannot read properties of null (reading 'success')",
};
export const TIMEOUT: Reading = { says: 'timeout', message: 'took too long' };
export const UNREADABLE: Reading = { says: 'unreadable', message: 'HTTP 503' };

/** What status checks read: each reading until so many seconds after the last POST, then `atLast` for good. */
export function says(phases: readonly (readonly [untilSeconds: number, Reading])[], atLast: Reading): Setup {
  return (provider) => {
    provider.read = async () => {
      const elapsedMs = (await provider.now()) - (provider.posts.at(-1)?.atMs ?? 0);
      return phases.find(([untilSeconds]) => elapsedMs < untilSeconds * 1_000)?.[1] ?? atLast;
    };
  };
}

/**
 * Renders for a minute beyond the hour in which a held key was settled: replay does not check the last task of a run
 * where that cancels an activity, so the run must go on after it.
 */
export const rendersOn = says([[3_660, RUNNING]], DONE);

/** What the next POSTs meet. */
export function meets(...answers: readonly Answer[]): Setup {
  return (provider) => void provider.script.push(...answers);
}

/** The same, so many times. */
export function meetsOften(times: number, answer: Answer): Setup {
  return meets(...Array.from({ length: times }, () => answer));
}

/** The POST is lost on its way, or its reply is and nothing was taken. */
export const lost: Answer = () => LOST;

export function refused(status: number, message: string): Answer {
  return () => httpReply(status, { success: false, message });
}

/** The next POST is taken, its reply is lost, and the list shows the movie so much later. */
export function takenButLost(listLagSeconds = 0): Setup {
  return (provider) => {
    provider.script.push(async (movie) => {
      await provider.accept(movie, listLagSeconds * 1_000);
      return LOST;
    });
  };
}

/** The next POST is taken, and its reply comes when the gate opens. */
export const replyAtGate: Setup = (provider, gate) => {
  provider.script.push(async (movie) => {
    const project = await provider.accept(movie);
    await gate.opened;
    return provider.replyAccepted(project);
  });
};

/** The first handshake lasts until the gate opens. */
export const handshakeAtGate: Setup = (provider, gate) => {
  provider.connecting = () => {
    provider.connecting = async () => undefined;
    return gate.opened;
  };
};
