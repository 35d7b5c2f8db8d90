import pMap from 'p-map';
import { DecisionRefused, OptionsInvalid } from '../../render/errors.js';
import type { RenderState } from '../../render/state.js';
import type { Renders } from '../../starter.js';
import type { ListedRender } from '../../starter/list.js';
import { EXIT } from '../command.js';
import { confirmed } from '../local/user.js';
import type { Output } from '../print/output.js';
import { failureOf, listLines, MANY_RENDERS } from './many-renders.js';

/** A decision about all renders in doubt of one state. */
interface ManyTerms {
  readonly choice: 'resubmit' | 'abandon';
  readonly state: RenderState;
  readonly since?: Date | undefined;
  readonly by: string;
  readonly why: string;
  readonly force?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** Decisions in progress at once: each may read the provider's list. */
const DECISIONS_AT_ONCE = 5;

/** Decides about many renders, after the list was shown. */
export async function resolveMany(renders: Renders, terms: ManyTerms, output: Output): Promise<number> {
  const { choice, state, since, by, why, force, yes } = terms;
  if (state !== 'held' && state !== 'unknown') {
    throw new OptionsInvalid(`state is ${state}, and must be held or unknown: nothing else is in doubt`);
  }
  const found: ListedRender[] = [];
  for await (const render of renders.list({ state, since })) {
    found.push(render);
    if (found.length === MANY_RENDERS) break;
  }
  const question =
    choice === 'resubmit'
      ? `Look for these ${found.length} movies once more, and send again those that are absent?`
      : `Give up these ${found.length} keys?`;
  // On a terminal the question shows them.
  if (yes === true || !process.stdin.isTTY) output.note(listLines(found).join('\n'));
  if (yes !== true && found.length > 0 && !(await confirmed(listLines(found), question))) {
    throw new DecisionRefused('not confirmed: nothing was decided');
  }
  const decide = ({ key }: ListedRender): Promise<object> =>
    renders.resolve(key, choice, { by, why, force }).catch((error: unknown) => failureOf(key, error));
  const ends = await pMap(found, decide, { concurrency: DECISIONS_AT_ONCE });
  const failures = ends.filter((end) => 'code' in end);
  const decided = ends.length - failures.length;
  output.result(
    { state, matched: found.length, decided, decisions: ends.filter((end) => !('code' in end)), failures },
    [
      `${decided} of ${found.length} renders: ${choice} was decided`,
      ...failures.map((failure) => `  ${Object.values(failure).join(': ')}`),
      ...(found.length === MANY_RENDERS ? ['There may be more: run it again.'] : []),
    ],
  );
  return failures.length === 0 ? 0 : EXIT.outcome;
}
