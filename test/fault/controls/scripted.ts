import type { RenderOptionsInput } from '../../../src/render/options.js';
import { Gate, type Setup } from '../../support/provider-setups.js';
import { ScriptedProvider } from '../../support/scripted-provider.js';
import type { Answer } from '../callers.js';
import type { Violation } from '../check.js';
import type { ControlScenario } from './control.js';
import { sightingOf } from './sighting-of.js';
import { FINGERPRINT, KEY, playSkipped, type SkippedRun } from './skipped-run.js';

/** The project of the first movie that the provider takes. */
export const PROJECT = 'project000000001';
/** In seconds; the list of a scenario is never that late. */
export const DAY = 86_400;

export interface ScriptedRun extends SkippedRun {
  readonly provider: ScriptedProvider;
  readonly gate: Gate;
}

interface Script {
  readonly name: string;
  /** How the render really ends. */
  readonly ends: 'done' | 'error';
  /** A person cancels it meanwhile. */
  readonly isCancelled?: true;
  readonly webhooks?: true;
  readonly options?: RenderOptionsInput;
  /** What these put at the provider is not the render's movie. */
  readonly given: readonly Setup[];
  /** What an earlier run of the key had accepted: it is the render's movie. */
  readonly before?: readonly Setup[];
  readonly happens?: (run: ScriptedRun) => Promise<readonly Answer[] | void>;
  /** What was not as it must be, once the render has ended; `askedAtMs` are the times of all status checks. */
  readonly unexpected?: (run: SkippedRun, askedAtMs: readonly number[]) => Promise<readonly Violation[]>;
}

/** A scenario on skipped time, with a provider on that same clock. */
export function scripted(script: Script): ControlScenario {
  const { name, ends, given, before = [], happens, isCancelled, unexpected: judge, ...terms } = script;
  return {
    name,
    play: async (ground) => {
      const provider = new ScriptedProvider();
      const gate = new Gate();
      const mark = { key: KEY, fingerprint: FINGERPRINT, namespace: 'default' };
      for (const setUp of given) await setUp(provider, gate, mark);
      const strangers = provider.accepted.length;
      for (const setUp of before) await setUp(provider, gate, mark);
      const askedAtMs = recordReads(provider);
      let unexpected: readonly Violation[] = [];
      const answers = await playSkipped(ground, {
        ...terms,
        provider: (env) => {
          provider.useClock(env);
          return provider;
        },
        happens: async (run) => (await happens?.({ ...run, provider, gate })) ?? [],
        after: async (run) => {
          unexpected = (await judge?.(run, askedAtMs)) ?? [];
        },
      });
      const accepted = provider.accepted
        .slice(strangers)
        .map(({ movie }) => ({ project: movie.project ?? '', ended: ends }));
      return { ...sightingOf(KEY, { accepted, answers }, isCancelled), unexpected };
    },
  };
}

function recordReads(provider: ScriptedProvider): readonly number[] {
  const askedAtMs: number[] = [];
  const read = provider.read.bind(provider);
  provider.read = async (project) => {
    askedAtMs.push(await provider.now());
    return read(project);
  };
  return askedAtMs;
}
