import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Mark } from '../../../src/movie/movie.js';
import { resolveUpdate } from '../../../src/workflows/messages.js';
import { meets, refused, type Setup, takenButLost } from '../../support/provider-setups.js';
import type { ScriptedProvider } from '../../support/scripted-provider.js';
import { until } from '../../support/until.js';
import { DAY, PROJECT, scripted, type ScriptedRun } from './scripted.js';
import { KEY } from './skipped-run.js';

const SIGNED = { by: 'anna', why: 'the list shows nothing' };
const OTHER_FINGERPRINT = { fingerprint: 'e'.repeat(64) };
const OTHER_NAMESPACE = { namespace: 'elsewhere' };

/** A movie that is not the render's, older than it; its mark differs in one thing only. */
function stranger(differs: Partial<Mark>, listLagMs = 0): Setup {
  return (provider, _gate, mark) =>
    provider.accept({ 'client-data': { renderonce: { ...mark, ...differs } } }, listLagMs);
}

export const LISTED_STRANGERS = scripted({
  name: 'the reply to the POST is lost, and the list has older movies of the key in another namespace and with another fingerprint',
  ends: 'done',
  given: [stranger(OTHER_NAMESPACE), stranger(OTHER_FINGERPRINT), takenButLost()],
});

export const NAMED_STRANGER = scripted({
  name: 'the reply to the POST is lost, the list shows nothing, and webhooks name another movie of the key and then its own',
  ends: 'done',
  webhooks: true,
  given: [stranger(OTHER_FINGERPRINT, Number.MAX_SAFE_INTEGER), takenButLost(DAY)],
  happens: async ({ env, report }) => {
    await env.sleep('2 seconds');
    await report(PROJECT, 'done');
    await report('project000000002', 'done');
  },
});

/** Longer than the engine takes to repeat a question that a busy worker lost. */
const ASKED_WITHIN_MS = 60_000;

const untilAsked = (isAsked: () => boolean) => until('the project is asked after', isAsked, ASKED_WITHIN_MS);

/** Has the provider fail to read a project twice, so that asking after it lasts; answers how often it was asked. */
function answersAtThird(provider: ScriptedProvider): () => number {
  const find = provider.find.bind(provider);
  let asked = 0;
  provider.find = async (project) => {
    asked += 1;
    if (asked < 3) throw new Error('HTTP 503');
    return find(project);
  };
  return () => asked;
}

export const NAMED_AT_LAST_LOOK = scripted({
  name: 'the reply to the POST is lost, and during the last look in vain a webhook names the project',
  ends: 'done',
  webhooks: true,
  given: [takenButLost(DAY)],
  happens: async ({ provider, report }) => {
    const asked = answersAtThird(provider);
    const list = provider.list.bind(provider);
    provider.list = async function* (since) {
      yield* list(since);
      if (provider.looks.length < 3) return;
      await report(PROJECT, 'done');
      await untilAsked(() => asked() > 0);
    };
  },
});

function sendAgainByForce({ handle }: ScriptedRun) {
  const request = { action: 'resubmit', force: true, ...SIGNED } as const;
  return handle.startUpdate(resolveUpdate, { args: [request], waitForStage: 'ACCEPTED' });
}

export const SENT_AGAIN_WHILE_NAMED = scripted({
  name: 'a person has the movie sent again by force while the project that a webhook names is being asked after',
  ends: 'done',
  webhooks: true,
  given: [takenButLost(DAY)],
  happens: async (run) => {
    const asked = answersAtThird(run.provider);
    await run.env.sleep('2 seconds');
    await run.report(PROJECT, 'done');
    await untilAsked(() => asked() > 0);
    await sendAgainByForce(run);
    await until('the look before it is sent again is over', async () => {
      const { events } = await run.handle.fetchHistory();
      const looks = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
      return looks.length > 1;
    });
  },
});

export const LATE_DECISION = scripted({
  name: 'a webhook settles a doubt while the project that a person adopts by force is being read',
  ends: 'done',
  webhooks: true,
  given: [takenButLost(DAY)],
  happens: async ({ env, handle, provider, gate, report }) => {
    const project = 'project-of-others';
    const find = provider.find.bind(provider);
    let isAsked = false;
    provider.find = async (named) => {
      isAsked ||= named === project;
      if (named === project) await gate.opened;
      return find(named);
    };
    await env.sleep('2 seconds');
    const request = { action: 'adopt', project, force: true, ...SIGNED } as const;
    const deciding = await handle.startUpdate(resolveUpdate, { args: [request], waitForStage: 'ACCEPTED' });
    await untilAsked(() => isAsked);
    await report(PROJECT, 'done');
    const told = await deciding.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      return undefined;
    });
    gate.open();
    return told === undefined
      ? []
      : [{ key: KEY, atMs: Date.now(), told: 'accepted', project: told.project }];
  },
});

export const REJECTED_AFTER_FORCE = scripted({
  name: 'the reply to the POST is lost, a person has it sent again by force, and that is rejected',
  ends: 'done',
  given: [takenButLost(100), meets(refused(400, 'bad movie'))],
  happens: async (run) => {
    await run.env.sleep('2 seconds');
    await sendAgainByForce(run);
  },
});
