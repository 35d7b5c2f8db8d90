import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../support/random.js';
import type { FakeMovie } from 'json2video-local';
import { fingerprintOf, RenderonceError, type Submitted } from '../../src/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const ROUNDS = 120;
const CALLERS = 10;
const ROUNDS_AT_ONCE = 20;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

const movieOf = (text: string) => ({ scenes: [{ duration: 5, elements: [{ type: 'text', text }] }] });

interface Answered {
  readonly movie: ReturnType<typeof movieOf>;
  readonly answer?: Submitted;
  readonly error?: unknown;
}

async function call(key: string, text: string, pauseMs: number): Promise<Answered> {
  const movie = movieOf(text);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  try {
    const options = { deadlineMs: 100_000, submitTimeoutSeconds: 10, settleSeconds: 30 };
    return { movie, answer: await stage.renders.submitOnce(key, movie, options) };
  } catch (error) {
    return { movie, error };
  }
}

const KINDS = ['same movie', 'two movies', 'cancel', 'rejection', 'reset'] as const;

interface Round {
  readonly key: string;
  readonly kind: (typeof KINDS)[number];
  readonly answers: readonly Answered[];
  /** Whether the cancel or reset met a run. */
  readonly wasDisturbed: boolean;
}

/** Whether the key's run has completed its first workflow task, which is the earliest to which it can be reset. */
async function taskCompleted(key: string): Promise<boolean> {
  const history = await stage.client.workflow
    .getHandle(key)
    .fetchHistory()
    .catch(() => undefined);
  return history?.events?.some((event) => event.workflowTaskCompletedEventAttributes) === true;
}

/** One key, ten callers within half a second, and something that gets in between. */
async function playRound(seed: number): Promise<Round> {
  const random = seededRandom(seed);
  const kind = KINDS[seed % KINDS.length] ?? 'same movie';
  const key = freshKey(`race-${seed}`);
  if (kind === 'rejection') {
    const effect = { kind: 'status', code: 400, body: '{"message":"bad movie"}', accept: false } as const;
    await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
  }
  const to = (['first', 'middle', 'last'] as const)[Math.floor(random() * 3)] ?? 'first';
  const reapply = random() < 0.5;
  const disturb = async (): Promise<boolean> => {
    if (kind !== 'cancel' && kind !== 'reset') return false;
    await until('the run is there', () => taskCompleted(key), 60_000);
    await new Promise((resolve) => setTimeout(resolve, random() * 300));
    const disturbance =
      kind === 'cancel' ? stage.renders.cancel(key) : resetRun(stage.client, key, to, reapply);
    return disturbance.then(
      () => true,
      () => false,
    );
  };
  const disturbed = disturb();
  const texts = Array.from({ length: CALLERS }, () =>
    kind === 'two movies' && random() < 0.5 ? 'other' : 'one',
  );
  const answers = await Promise.all(texts.map((text) => call(key, text, random() * 300)));
  return { key, kind, answers, wasDisturbed: await disturbed };
}

/** All that is wrong with what the callers were told, measured by the provider's ledger. */
function wrongs(rounds: readonly Round[], ledger: readonly FakeMovie[]): unknown[] {
  return rounds.flatMap(({ key, kind, answers }) => {
    const wrong: unknown[] = [];
    const report = (what: string, detail: unknown): void => void wrong.push({ key, kind, what, detail });
    const accepted = ledger.filter((movie) => movie.key === key);
    const answered = answers.filter((each) => each.answer !== undefined);
    const firsts = answered.filter((each) => each.answer?.replayed === false);
    if (accepted.length > 1) report('paid more than once', accepted);
    if (answered.length > 0 && firsts.length !== 1) report('first callers', firsts.length);
    for (const { movie, answer } of answered) {
      if (answer?.project !== accepted[0]?.project) report('a project that nobody accepted', answer);
      if (answer?.fingerprint !== fingerprintOf(movie)) report("another movie's answer", answer);
    }
    const allowed: Readonly<Record<string, string>> = {
      'two movies': 'IdempotencyKeyReused',
      cancel: 'RenderCancelled',
      rejection: 'MovieRejected',
      // A run that came from a reset never sends by itself; it is held if its movie is not there.
      reset: 'SubmissionPending',
    };
    for (const { error } of answers.filter((each) => each.answer === undefined)) {
      const code = error instanceof RenderonceError ? error.code : String(error);
      if (code !== allowed[kind]) report('an error that has no reason', error);
    }
    return wrong;
  });
}

test('the checker sees a second payment, a wrong project, two first callers and an error without reason', () => {
  const movie = movieOf('one');
  const answer = {
    key: 'k',
    project: 'p1',
    fingerprint: fingerprintOf(movie),
    submittedAt: '',
    replayed: false,
  };
  const paid = (project: string): FakeMovie => ({
    project,
    key: 'k',
    status: 'done',
    createdAt: '',
    polls: 0,
    credits: 5,
    webhooks: [],
  });
  const round = (answers: Answered[]): Round => ({
    key: 'k',
    kind: 'same movie',
    answers,
    wasDisturbed: false,
  });
  const good = { movie, answer };

  expect(wrongs([round([good])], [paid('p1')])).toEqual([]);
  expect(wrongs([round([good])], [paid('p1'), paid('p2')])).toMatchObject([{ what: 'paid more than once' }]);
  expect(wrongs([round([good])], [paid('p2')])).toMatchObject([{ what: 'a project that nobody accepted' }]);
  expect(wrongs([round([good, good])], [paid('p1')])).toMatchObject([{ what: 'first callers' }]);
  expect(wrongs([round([{ movie: movieOf('two'), answer }])], [paid('p1')])).toMatchObject([
    { what: "another movie's answer" },
  ]);
  expect(wrongs([round([good, { movie, error: new Error('x') }])], [paid('p1')])).toMatchObject([
    { what: 'an error that has no reason' },
  ]);
});

test(`${ROUNDS} rounds of ${CALLERS} racing callers: one accepted POST a key, no wrong answer, one first caller`, async () => {
  const seeds = Array.from({ length: ROUNDS }, (_, index) => index);
  const rounds: Awaited<ReturnType<typeof playRound>>[] = [];
  const player = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
      rounds.push(await playRound(seed));
  };
  await Promise.all(Array.from({ length: ROUNDS_AT_ONCE }, player));

  expect(wrongs(rounds, await stage.fake.movies())).toEqual([]);
  expect(rounds).toHaveLength(ROUNDS);
  // Most disturbances must have hit a run that was there, or the rounds prove little.
  const disturbed = rounds.filter(
    ({ kind, wasDisturbed }) => (kind === 'cancel' || kind === 'reset') && wasDisturbed,
  );
  expect(disturbed.length).toBeGreaterThan(ROUNDS / 5);
}, 600_000);
