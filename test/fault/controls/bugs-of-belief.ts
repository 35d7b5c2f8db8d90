import {
  ASKED_WITHOUT_WITNESS,
  BROKEN_LIST,
  COPIED_MARK,
  KEY_CHANGED,
  LATE_START,
  NO_WITNESS,
  OTHER_FIRST,
  REJECTED_WITHOUT_WITNESS,
  RESTORED,
  SENT_DAYS_BEFORE,
  TWO_ACCOUNTS,
} from './belief-scenarios.js';
import { BUSY_FOR_HOURS } from './cost-scenarios.js';
import { RESTORED_EARLY } from './restore-scenarios.js';
import type { Bug } from './control.js';

/** The movie was sent again although it had been accepted. */
const PAID_TWICE = { breaks: 'safety', shows: /paid 2 times/ } as const;
/** The key was freed, or called another's, although its movie was accepted. */
const DISOWNED = { breaks: 'agreement', shows: /told nothing .*the provider says done/ } as const;

/** Bugs in what is believed of a list that does not show a movie. */
export const BUGS_OF_BELIEF: readonly Bug[] = [
  {
    name: 'a look needs no witness',
    plants: [{ file: 'activities/find-movie.js', from: 'witnesses?.isSeen === false', to: 'false' }],
    scenario: NO_WITNESS,
    ...PAID_TWICE,
  },
  {
    name: 'any mark is a witness',
    plants: [{ file: 'activities/witnesses.js', from: 'if (this.#marksSuffice)', to: 'if (true)' }],
    scenario: COPIED_MARK,
    ...PAID_TWICE,
  },
  {
    name: 'the list of another account proves an absence',
    plants: [
      {
        file: 'activities/find-movie.js',
        from: 'const { until, account = own, settledAt } = request;',
        to: 'const { until, settledAt } = request; const account = own;',
      },
    ],
    scenario: KEY_CHANGED,
    ...PAID_TWICE,
  },
  {
    name: 'two accounts count as one',
    plants: [
      {
        file: 'render/account.js',
        from: 'return one === undefined || one === other ? other : UNKNOWN_ACCOUNT;',
        to: 'return other;',
      },
    ],
    scenario: TWO_ACCOUNTS,
    ...PAID_TWICE,
  },
  {
    name: "a late start sends without reading the engine's index",
    plants: [
      {
        file: 'activities/look-before-sending.js',
        from: 'return isSettled ? undefined : unseenBy(sender, index);',
        to: 'return undefined;',
      },
    ],
    scenario: LATE_START,
    ...PAID_TWICE,
  },
  {
    name: 'a run on a restored engine sends at once',
    plants: [
      {
        file: 'activities/look-before-sending.js',
        from: 'if (restoredTo !== undefined &&',
        to: 'if (false &&',
      },
    ],
    scenario: RESTORED,
    ...PAID_TWICE,
  },
  {
    name: 'a look that was made before the restore counts by its time',
    plants: [
      {
        file: 'activities/look-before-sending.js',
        from: 'of !== undefined && Date.parse(of) === Date.parse(restoredTo) && Date.parse(at) > Date.parse(of)',
        to: 'Date.parse(at) > Date.parse(restoredTo)',
      },
    ],
    scenario: RESTORED_EARLY,
    ...PAID_TWICE,
  },
  {
    name: 'another movie under the key counts at the first look',
    plants: [
      {
        file: 'workflows/look.js',
        from: 'if (isLast && otherProject !== undefined)',
        to: 'if (otherProject !== undefined)',
      },
    ],
    scenario: OTHER_FIRST,
    ...DISOWNED,
  },
  {
    name: 'a person sends again without a witness and without force',
    plants: [
      {
        file: 'workflows/carry-out-decision.js',
        from: 'if (end.unproven !== undefined && !force)',
        to: 'if (false)',
      },
    ],
    scenario: ASKED_WITHOUT_WITNESS,
    ...PAID_TWICE,
  },
  {
    name: "a look begins at its own run's start",
    plants: [
      {
        file: 'render/look-times.js',
        from: 'Date.parse(earliestOf(new Date(startedAtMs).toISOString(), lookFrom))',
        to: 'startedAtMs',
      },
    ],
    scenario: SENT_DAYS_BEFORE,
    ...PAID_TWICE,
  },
  {
    name: 'a rejection frees the key although the look for an earlier submission proves nothing',
    plants: [
      {
        file: 'workflows/submit.js',
        from: "if (settled.end === 'absent' && settled.unproven !== undefined && isRejected)",
        to: 'if (false)',
      },
    ],
    scenario: REJECTED_WITHOUT_WITNESS,
    ...DISOWNED,
  },
  {
    name: 'a list that cannot be read counts as an absence',
    plants: [
      {
        file: 'workflows/doubt.js',
        from: "unproven: `the provider's list cannot be read: ${messageOf(error)}` };",
        to: '};',
      },
    ],
    scenario: BROKEN_LIST,
    ...PAID_TWICE,
  },
  {
    name: 'refused submissions are tried again every few minutes until none is left',
    plants: [
      {
        file: 'render/refusal.js',
        from: 'count >= QUICK_TRIES ? slowDelayMs(count, restMs) : quickDelayMs(count, refused)',
        to: 'quickDelayMs(count, refused)',
      },
    ],
    scenario: BUSY_FOR_HOURS,
    breaks: 'agreement',
    shows: /told nothing .*the provider says nothing/,
  },
];
