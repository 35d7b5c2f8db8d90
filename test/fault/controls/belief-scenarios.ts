import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Mark } from '../../../src/movie/movie.js';
import { movieReply } from '../../../src/json2video/movie-reply.js';
import type { IndexedRun } from '../../../src/temporal/render-index.js';
import { resolveUpdate } from '../../../src/workflows/messages.js';
import { lost, meets, refused, type Setup, takenButLost } from '../../support/provider-setups.js';
import { ScriptedProvider } from '../../support/scripted-provider.js';
import { DAY, PROJECT, scripted, type ScriptedRun } from './scripted.js';

const DAY_MS = DAY * 1_000;
const SIGNED = { by: 'anna', why: 'the list shows nothing' };
const OTHER_ACCOUNT = 'b1b1b1b1b1b1';
const { account: ACCOUNT } = new ScriptedProvider();

/** The list shows none of the account's renders. */
const showsNothing: Setup = (provider) => {
  provider.listsWitness = false;
};

/** Longer than all looks before a key is held; then the provider reports the project. */
function reportedLate(project = PROJECT) {
  return async ({ env, report }: ScriptedRun): Promise<void> => {
    await env.sleep('2 hours');
    await report(project, 'done');
  };
}

async function resubmit({ handle }: ScriptedRun, force: boolean): Promise<void> {
  const request = { action: 'resubmit', force, ...SIGNED } as const;
  await handle.executeUpdate(resolveUpdate, { args: [request] }).catch((error: unknown) => {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
  });
}

/** An earlier run of the key had the movie accepted, so long ago; the list shows it, or never does. */
function acceptedBefore({ agoMs = 0, isListed = true } = {}): Setup {
  return (provider, _gate, mark) => {
    const created_at = new Date(Date.now() - agoMs).toISOString();
    const movie = movieReply.parse({ project: PROJECT, created_at, 'client-data': { renderonce: mark } });
    provider.accepted.push({ movie, listedAtMs: isListed ? 0 : Number.MAX_SAFE_INTEGER });
  };
}

export const NO_WITNESS = scripted({
  name: 'the reply to the POST is lost, and for a day the list shows neither the movie nor any render of the account',
  ends: 'done',
  webhooks: true,
  given: [showsNothing, takenButLost(DAY)],
  happens: reportedLate(),
});

/** A person sent the witness's JSON from the dashboard, mark included. */
const copiedMark: Setup = (provider, _gate, mark: Mark) =>
  provider.accept({ 'client-data': { renderonce: { ...mark, key: 'witness' } } });

export const COPIED_MARK = scripted({
  name: 'the reply to the POST is lost, and the list shows only a copy of a render of the account',
  ends: 'done',
  webhooks: true,
  given: [showsNothing, copiedMark, takenButLost(DAY)],
  happens: reportedLate('project000000002'),
});

export const KEY_CHANGED = scripted({
  name: 'the reply to the POST is lost, and then the workers get the API key of another account',
  ends: 'done',
  webhooks: true,
  given: [
    (provider) => {
      provider.script.push(async (movie) => {
        const evidence = await lost(movie);
        await provider.accept(movie, DAY_MS);
        provider.account = OTHER_ACCOUNT;
        return evidence;
      });
    },
  ],
  happens: reportedLate(),
});

const AT_ONCE = new Date(0).toISOString();

export const TWO_ACCOUNTS = scripted({
  name: 'an earlier run sent with the key of another account, and the POST that a person forces is lost on its way',
  ends: 'done',
  webhooks: true,
  options: { lookFrom: AT_ONCE, lookUntil: AT_ONCE, lookAccount: OTHER_ACCOUNT },
  given: [meets(lost)],
  before: [acceptedBefore({ isListed: false })],
  happens: async (run) => {
    await run.env.sleep('3 minutes');
    await resubmit(run, true);
    await reportedLate()(run);
  },
});

const DECIDED: IndexedRun = { runId: 'decided', startedAtMs: 1_000, endedFromOutside: false };

export const LATE_START = scripted({
  name: 'a start arrives after a run that its caller has not seen, and that had the movie accepted',
  ends: 'done',
  options: { after: DECIDED.runId },
  given: [
    (provider) => {
      const unseen = { runId: 'unseen', startedAtMs: 2_000, endedFromOutside: true, account: ACCOUNT };
      provider.closedRuns = [DECIDED, unseen];
    },
  ],
  before: [acceptedBefore()],
});

export const RESTORED = scripted({
  name: 'the engine is restored to a time before the start of the run that had the movie accepted',
  ends: 'done',
  given: [
    (provider) => {
      provider.lookFrom = new Date(Date.now() - DAY_MS).toISOString();
    },
  ],
  before: [acceptedBefore()],
});

export const OTHER_FIRST = scripted({
  name: 'the reply to the POST is lost, and the list shows another movie of the key before its own',
  ends: 'done',
  given: [
    (provider, _gate, mark) =>
      provider.accept({ 'client-data': { renderonce: { ...mark, fingerprint: 'e'.repeat(64) } } }),
    takenButLost(15),
  ],
});

export const ASKED_WITHOUT_WITNESS = scripted({
  name: 'the reply to the POST is lost, no list has a witness, and a person has it sent again without force',
  ends: 'done',
  webhooks: true,
  given: [showsNothing, takenButLost(DAY)],
  happens: async (run) => {
    await run.env.sleep('2 hours');
    await resubmit(run, false);
    await run.report(PROJECT, 'done');
  },
});

/** The list shows what is not older than asked for, as the provider's does. */
const showsSince: Setup = (provider) => {
  const list = provider.list.bind(provider);
  provider.list = async function* (since) {
    for await (const movies of list(since))
      yield movies.filter((movie) => Date.parse(movie.created_at ?? '') >= since.getTime());
  };
};

export const SENT_DAYS_BEFORE = scripted({
  name: 'an earlier run of the key had the movie accepted days before this run began',
  ends: 'done',
  options: {
    lookFrom: new Date(Date.now() - 4 * DAY_MS).toISOString(),
    lookUntil: AT_ONCE,
    lookAccount: ACCOUNT,
  },
  given: [showsSince],
  before: [acceptedBefore({ agoMs: 3 * DAY_MS })],
});

export const REJECTED_WITHOUT_WITNESS = scripted({
  name: 'the reply to the POST is lost, a person has it sent again by force, that is rejected, and no list has a witness',
  ends: 'done',
  webhooks: true,
  given: [showsNothing, takenButLost(DAY), meets(refused(400, 'bad movie'))],
  happens: async (run) => {
    await run.env.sleep('2 seconds');
    await resubmit(run, true);
    await reportedLate()(run);
  },
});

export const BROKEN_LIST = scripted({
  name: 'the reply to the POST is lost, and the list cannot be read for hours',
  ends: 'done',
  webhooks: true,
  given: [
    (provider) => {
      provider.isListBroken = true;
    },
    takenButLost(DAY),
  ],
  happens: reportedLate(),
});
