import type * as Starter from '../../../src/starter.js';
import { closed, MOVIE } from '../../unit/closed-run-stage.js';
import { ScriptedEngine, type ScriptedRun } from '../../unit/scripted-engine.js';
import type { Violation } from '../check.js';
import type { Bug, ControlScenario } from './control.js';
import { PUT_AGAIN } from './process-scenarios.js';
import { load } from './skipped-run.js';

interface Script {
  readonly name: string;
  readonly run: ScriptedRun;
  /** Happens to the run while the call waits in it. */
  readonly meanwhile?: (engine: ScriptedEngine) => void;
  readonly hasNoWorker?: boolean;
  readonly restart?: boolean;
  /** Starts that are right. */
  readonly starts: number;
}

/** A call on the engine's rules about one key. It needs no engine: what it must not do is start. */
function starting({
  name,
  run,
  meanwhile,
  hasNoWorker = false,
  restart = false,
  starts,
}: Script): ControlScenario {
  return {
    name,
    play: async ({ dist }) => {
      const { Renders } = await load<Pick<typeof Starter, 'Renders'>>(dist, 'starter.js');
      const engine = new ScriptedEngine(run);
      engine.hasNoWorker = hasNoWorker;
      engine.meanwhile = () => meanwhile?.(engine);
      let sent = 0;
      engine.before = (call) => {
        sent += call === 'update with start' ? 1 : 0;
        // Without a worker the client waits in the start itself.
        if (sent > 1) {
          engine.hasNoWorker = false;
          meanwhile?.(engine);
        }
      };
      await new Renders({ client: engine.client })
        .submitOnce('key', MOVIE, { restart })
        .catch(() => undefined);
      const blind = engine.taken.filter(({ lookFrom }) => starts > 0 && lookFrom === undefined);
      const first = run.firstRunId ?? run.runId;
      const ignorant = engine.taken.filter(({ after }) => after !== first);
      const unexpected: Violation[] = [
        ...(engine.taken.length === starts
          ? []
          : [unsafe(`${engine.taken.length} starts instead of ${starts}`)]),
        ...blind.map(() => unsafe('a start that sends without a look')),
        ...ignorant.map(() => unsafe('a start that does not ask for the runs since the first of the chain')),
      ];
      return { observed: [], fired: {}, left: [], unexpected };
    },
  };
}

const unsafe = (what: string): Violation => ({ rule: 'safety', what });

const open = (): ScriptedRun => ({ ...closed('running'), updates: [] });

const CANCELLED_MEANWHILE = starting({
  name: 'a person cancels a run while another call waits in it, and the clock of the caller is an hour ahead',
  run: open(),
  meanwhile: (engine) => {
    engine.runs = [closed('canceled', { updates: ['submit'], failure: 'RenderCancelled' })];
  },
  starts: 0,
});

const DELETED_MEANWHILE = starting({
  name: 'a person deletes a run while a call waits in it',
  run: open(),
  meanwhile: (engine) => void (engine.runs = []),
  starts: 0,
});

const DELETED_WITHOUT_WORKER = starting({
  name: 'a person deletes a run while a call waits for the first worker',
  run: open(),
  hasNoWorker: true,
  meanwhile: (engine) => void (engine.runs = []),
  starts: 0,
});

const OTHER_AT_PROVIDER = starting({
  name: 'a key whose other movie the provider holds is restarted with that movie',
  run: closed('failed', { failure: 'IdempotencyKeyReused' }),
  restart: true,
  starts: 1,
});

const RESET_OVER_ANOTHER = starting({
  name: 'the newest run came from the reset of an older one, and ended in its rejection',
  run: closed('failed', { runId: 'run 3', firstRunId: 'run 1', failure: 'MovieRejected' }),
  starts: 1,
});

/** Bugs of calls: they start a key that must not be started. */
export const BUGS_OF_STARTING: readonly Bug[] = [
  {
    name: 'a server starts a key anew whose render is done',
    plants: [{ file: 'starter/start-terms.js', from: "'REJECT_DUPLICATE'", to: "'ALLOW_DUPLICATE'" }],
    scenario: PUT_AGAIN,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a waiting call takes the run that it has joined for an earlier one',
    plants: [
      {
        file: 'starter/closed-runs.js',
        from: 'asking.sightings?.hasJoined(run.runId) === true',
        to: 'false',
      },
    ],
    scenario: CANCELLED_MEANWHILE,
    breaks: 'safety',
    shows: /1 starts instead of 0/,
  },
  {
    name: 'a call that has seen a run starts the key anew when the run is deleted',
    plants: [
      {
        file: 'starter/until-answered.js',
        from: 'if (sightings.isKnown)\n            throw deletedRun(key);',
        to: '',
      },
    ],
    scenario: DELETED_MEANWHILE,
    breaks: 'safety',
    shows: /1 starts instead of 0/,
  },
  {
    name: 'a start is sent again while it waits for the first worker',
    plants: [
      {
        file: 'starter/first-start.js',
        from: 'if (isSent)',
        to: 'if (false)',
      },
    ],
    scenario: DELETED_WITHOUT_WORKER,
    breaks: 'safety',
    shows: /1 starts instead of 0/,
  },
  {
    name: 'a restart after another movie was found at the provider sends without a look',
    plants: [
      {
        file: 'starter/start-terms.js',
        from: 'const lookFrom = earliestOf(new Date(before.startedAtMs).toISOString(), given.lookFrom);',
        to: 'const lookFrom = undefined;',
      },
    ],
    scenario: OTHER_AT_PROVIDER,
    breaks: 'safety',
    shows: /without a look/,
  },
  {
    name: 'a start after a reset run asks only for the runs since the reset',
    plants: [{ file: 'starter/start-terms.js', from: 'after: before.firstRunId', to: 'after: run.runId' }],
    scenario: RESET_OVER_ANOTHER,
    breaks: 'safety',
    shows: /since the first of the chain/,
  },
];
