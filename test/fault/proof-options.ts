import { parseArgs } from 'node:util';
import { z } from 'zod';
import { KEY } from './random/key-name.js';

const text = { type: 'string' } as const;
const whole = (least: number) => z.coerce.number().int().min(least);

/** So long a run plays where nobody says how long. */
const MINUTES = 10;

const options = z
  .object({
    /** 10 by default; with `resume` there is no end but that of the keys. */
    minutes: z.coerce.number().positive().optional(),
    seed: whole(0).default(() => Math.floor(Math.random() * 2 ** 31)),
    /** Only this cell of the seed. */
    cell: whole(1).optional(),
    /** So many cells at once. */
    lanes: whole(1).default(4),
    /** Random operators against the random provider, instead of cells. */
    random: z.boolean().default(false),
    /** So many keys of this run, 3,000 of random operators; with `resume` so many of all pieces together, 30,000. */
    keys: whole(1).optional(),
    /** Goes on until all pieces together have their keys. */
    resume: z.boolean().default(false),
    /** So many kills of an engine under load, instead of cells. */
    'engine-kills': whole(1).optional(),
    /** So many rounds of kills of `renderonce up`, instead of cells. */
    'up-kills': whole(1).optional(),
    /** So many kills of workers of two versions, instead of cells. */
    'version-kills': whole(1).optional(),
    /** A kill of a worker at each step of keeping a video, instead of cells. */
    'keep-kills': z.boolean().optional(),
    /** A kill of a worker at each step of sending an event, instead of cells. */
    'event-kills': z.boolean().optional(),
    /** So many events to a receiver that fails, instead of cells. */
    'event-storm': whole(1).optional(),
    /** 1,000 submissions at once against one budget, instead of cells. */
    'budget-crowd': z.boolean().optional(),
    /** So many renders from one budget, instead of cells. */
    'budget-leak': whole(1).optional(),
    /** Only this key of them. */
    only: z.string().regex(KEY, 'must be a key as a violation names it, e.g. s1-p2-k3').optional(),
  })
  .transform((given) => ({ ...given, minutes: given.minutes ?? (given.resume ? Infinity : MINUTES) }));

const USAGE =
  'usage: npm run proof -- [--minutes N] [--keys K] [--seed S] [--lanes L]\n' +
  '       npm run proof -- --resume [--keys K] [--minutes N] [--seed S] [--lanes L]\n' +
  '       npm run proof -- --seed S --cell C\n' +
  '       npm run proof -- --random [--keys N] [--seed S] [--only KEY]\n' +
  '       npm run proof -- --engine-kills ROUNDS [--seed S]\n' +
  '       npm run proof -- --up-kills ROUNDS [--seed S]\n' +
  '       npm run proof -- --version-kills ROUNDS [--seed S]\n' +
  '       npm run proof -- --keep-kills\n' +
  '       npm run proof -- --event-kills\n' +
  '       npm run proof -- --event-storm EVENTS [--seed S]\n' +
  '       npm run proof -- --budget-crowd [--seed S]\n' +
  '       npm run proof -- --budget-leak RENDERS';

/** The options of `npm run proof`, or what is wrong with them and how they are written. */
export function proofOptions(args: readonly string[]): z.output<typeof options> | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: text,
        seed: text,
        cell: text,
        lanes: text,
        random: { type: 'boolean' },
        keys: text,
        resume: { type: 'boolean' },
        'engine-kills': text,
        'up-kills': text,
        'version-kills': text,
        'keep-kills': { type: 'boolean' },
        'event-kills': { type: 'boolean' },
        'event-storm': text,
        'budget-crowd': { type: 'boolean' },
        'budget-leak': text,
        only: text,
      },
    });
    const read = options.safeParse(values);
    return read.success ? read.data : `${z.prettifyError(read.error)}\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
