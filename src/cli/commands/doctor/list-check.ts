import type { Client } from '@temporalio/client';
import { type Check, ok, warning, wrong } from './check.js';
import { engineOf } from '../../connect.js';
import type { Config } from '../../../config.js';
import { createJson2Video, type Json2Video } from '../../../json2video/client.js';
import { markOf } from '../../../json2video/movie-reply.js';
import { ENGINE_CALL_MS, WITNESS_MS } from '../../../render/limits.js';
import { NUMBERS } from '../../../render/options.js';
import { readHistory } from '../../../starter/history.js';
import { RESULT_PARSERS } from '../../../starter/recorded-results.js';
import { askEngine } from '../../../temporal/ask-engine.js';
import { connectClient } from '../../../temporal/connect.js';
import { type AcceptedRun, renderIndexOf } from '../../../temporal/render-index.js';
import { messageOf, shorten } from '../../../text/text.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A person waits: after this time no further page is read. */
const READING_MS = 60_000;

/** A list that lags longer may hide an accepted movie from the last look. */
const SETTLE_MS = NUMBERS.settleSeconds.default * 1_000;

/**
 * Checks that the provider's list shows what the engine knows as accepted with this API key, with the mark. Says nothing
 * without a key, an engine or an index; other checks report these.
 */
export async function checkList(config: Config, env: Environment): Promise<Check[]> {
  if (config.apiKey === undefined) return [];
  const client = await connectClient(engineOf(config)).catch(() => undefined);
  if (client === undefined) return [];
  try {
    const { json2videoUrl: url, apiKey } = config;
    const json2video = createJson2Video({ url, apiKey: apiKey.reveal(), now: Date.now, env });
    try {
      return await readAndCheck(client, json2video);
    } finally {
      await json2video.close();
    }
  } catch {
    return [];
  } finally {
    await client.connection.close();
  }
}

async function readAndCheck(
  client: Client,
  json2video: Pick<Json2Video, 'account' | 'list'>,
): Promise<Check[]> {
  const nowMs = Date.now();
  const index = renderIndexOf(client);
  const known = await client.withDeadline(nowMs + ENGINE_CALL_MS, () =>
    index.acceptedBy(json2video.account, nowMs - WITNESS_MS),
  );
  const newestFirst = known.toSorted((one, other) => other.startedAtMs - one.startedAtMs);
  const shown = await readShown(newestFirst, client.options.namespace, json2video).catch(messageOf);
  if (typeof shown === 'string') return [unreadable(shown)];
  const seen = seenOf(newestFirst, shown);
  const acceptedAtMs = seen.run && (await readAcceptance(client, seen.run));
  return [listCheck({ ...seen, agoMs: acceptedAtMs === undefined ? undefined : nowMs - acceptedAtMs })];
}

/** What the list showed of a project: our mark, or something else. */
type Shown = ReadonlyMap<string, 'marked' | 'unmarked'>;

/** Reads the list as a look does, back to the newest project, until it is seen. */
async function readShown(
  [newest, ...others]: readonly AcceptedRun[],
  namespace: string,
  json2video: Pick<Json2Video, 'list'>,
): Promise<Shown> {
  const shown = new Map<string, 'marked' | 'unmarked'>();
  if (newest === undefined) return shown;
  const keys = new Map([newest, ...others].map(({ project, key }) => [project, key]));
  const untilMs = Date.now() + READING_MS;
  for await (const movies of json2video.list(new Date(newest.startedAtMs))) {
    for (const movie of movies) {
      const { project } = movie;
      if (project === null || !keys.has(project)) continue;
      const mark = markOf(movie);
      const isMarked = mark?.key === keys.get(project) && mark?.namespace === namespace;
      shown.set(project, isMarked ? 'marked' : 'unmarked');
    }
    if (shown.has(newest.project)) return shown;
    if (Date.now() > untilMs) throw new Error(`it is not read to its end within ${READING_MS / 1_000} s`);
  }
  return shown;
}

/** The render that tells most about the list, and how the list shows it. */
interface Seen {
  readonly as: 'nothing known' | 'marked' | 'unmarked' | 'missing' | 'all missing';
  readonly run?: AcceptedRun;
}

function seenOf(newestFirst: readonly AcceptedRun[], shown: Shown): Seen {
  const at = newestFirst.findIndex(({ project }) => shown.has(project));
  if (at === -1) {
    // The newest was asked for; older ones may lie outside the period that was read.
    const [run] = newestFirst;
    return run === undefined ? { as: 'nothing known' } : { as: 'all missing', run };
  }
  // Of those that are newer than what the list shows, the oldest is missing for the longest time.
  const missing = newestFirst[at - 1];
  if (missing !== undefined) return { as: 'missing', run: missing };
  const run = newestFirst[at];
  return run === undefined ? { as: 'nothing known' } : { as: shown.get(run.project) ?? 'missing', run };
}

const NAME = 'list';

function unreadable(message: string): Check {
  return wrong(
    NAME,
    `the list of JSON2Video cannot be read: ${shorten(message)}`,
    'correct what it says: while the list is unreadable, a render whose reply is lost is held',
  );
}

/** Returns the check of what the list shows; `agoMs` is the time since the acceptance, if the engine recorded it. */
export function listCheck({ as, run, agoMs }: Seen & { readonly agoMs?: number | undefined }): Check {
  if (run === undefined) {
    return ok(NAME, 'nothing to compare: the engine knows no render that this API key had accepted');
  }
  const ago = agoMs === undefined ? '' : `, accepted ${Math.round(agoMs / 1_000)} s ago`;
  const project = `project ${run.project} of key ${run.key}${ago}`;
  switch (as) {
    case 'marked': {
      const lag = agoMs === undefined ? '' : ': it lags by no more than that';
      return ok(NAME, `it shows the newest render with its mark, ${project}${lag}`);
    }
    case 'unmarked':
      return wrong(
        NAME,
        `it shows ${project}, but not the mark that this render was sent with`,
        'set RENDERONCE_RESUBMISSIONS=0 and decide about held renders by hand: looks cannot find a movie in this list',
      );
    default:
      return missingCheck(as, project, agoMs);
  }
}

function missingCheck(as: Seen['as'], project: string, agoMs: number | undefined): Check {
  if (agoMs !== undefined && agoMs < SETTLE_MS) {
    const message = `it does not show ${project} yet`;
    return warning(
      NAME,
      message,
      'run `renderonce doctor` again: the list must show it within settleSeconds',
    );
  }
  if (as === 'missing') {
    return wrong(
      NAME,
      `it shows older renders, but not ${project}`,
      'give renders a longer settleSeconds than the list lags, unless a person deleted that movie',
    );
  }
  return wrong(
    NAME,
    `it shows no render that this API key had accepted, not even ${project}`,
    'see if the movie is in the dashboard of this account; while the list shows none, a render whose reply is lost is held',
  );
}

/** Returns the time at which a submission of the run returned its project; undefined if the project came by another way. */
async function readAcceptance(
  client: Client,
  { key, project }: Pick<AcceptedRun, 'key' | 'project'>,
): Promise<number | undefined> {
  const recorded = await askEngine(client, key, () => readHistory(client, key));
  for (const each of recorded) {
    const result = each.what === 'activity ended' ? RESULT_PARSERS.submitMovie(each.result) : undefined;
    if (result?.submission.end !== 'accepted' || result.submission.project !== project) continue;
    return each.atMs;
  }
  return undefined;
}
