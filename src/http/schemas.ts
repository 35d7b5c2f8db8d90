import { z } from 'zod';
import { NOTIFY_TARGETS } from '../render/follow.js';
import { type NumberName, NUMBERS } from '../render/options.js';
import { RENDER_STATES } from '../render/state.js';
import { IF_DIFFERENT } from '../starter/prepare.js';
import { isJsonObject } from '../text/json.js';

/** Parameters of the paths of one render. */
export const keyParams = z.object({
  key: z
    .string()
    .describe('The business key, percent-encoded')
    .meta({ examples: ['order-1042'] }),
});

/** Passes a movie on untouched: the provider gets it as it came. */
export const movieSchema = z
  .unknown()
  .refine(isJsonObject, 'is missing, or no JSON object')
  .transform((value) => (isJsonObject(value) ? value : {}))
  .meta({
    type: 'object',
    description: 'A movie, as the API of JSON2Video takes it',
    // Not `examples`: zod leaves those of transformed values out.
    example: { scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello', style: '001' }] }] },
  });

function number(name: NumberName) {
  const { min, max, whole, default: byDefault } = NUMBERS[name];
  const inBounds = z.number().min(min).max(max);
  return (whole === true ? inBounds.int() : inBounds).optional().describe(`${byDefault} by default`);
}

const renderOptions = z
  .strictObject({
    pollSeconds: number('pollSeconds'),
    renderTimeoutSeconds: number('renderTimeoutSeconds'),
    errorGraceSeconds: number('errorGraceSeconds'),
    submitPatienceSeconds: number('submitPatienceSeconds'),
    submitTimeoutSeconds: number('submitTimeoutSeconds'),
    settleSeconds: number('settleSeconds'),
    resubmissions: number('resubmissions'),
    webhook: z.boolean().optional().describe('False to watch the render by polling only'),
    budget: z.string().optional().describe('The budget that pays; not for tokens with a tenant'),
    keep: z
      .boolean()
      .optional()
      .describe('True to keep a copy of the video; as the worker is set by default'),
    notify: z
      .array(z.union([z.string(), z.strictObject({ url: z.string() })]))
      .max(NOTIFY_TARGETS)
      .optional()
      .describe('Destinations of the events, by name or as { url } of an allowed host; [] for none'),
    restart: z
      .boolean()
      .optional()
      .describe('True to start again after a run that ended in doubt; needs scope decide'),
    ignore: z
      .array(z.string())
      .max(20)
      .optional()
      .describe('JSON Pointers to places that may differ between calls; * stands for any member'),
    ifDifferent: z.enum(IF_DIFFERENT).optional().describe('Reaction to another movie under the key'),
  })
  .meta({ id: 'RenderOptions' });

/** Body of PUT and POST. */
export const submissionSchema = z
  .strictObject({ movie: movieSchema, options: renderOptions.optional() })
  .meta({ id: 'Submission' });
export type Submission = z.output<typeof submissionSchema>;

const time = z.string().meta({ format: 'date-time' });
const state = z.enum(RENDER_STATES);
const numberOrNull = z.number().nullable();

const outcome = z
  .looseObject({
    key: z.string(),
    status: z.enum(['done', 'failed', 'timed-out', 'cancelled']),
    project: z.string(),
    fingerprint: z.string(),
    submittedAt: time,
    message: z.string().optional().describe('Why there is no video'),
    url: z.string().optional().describe('Link to the video'),
    subtitlesUrl: z.string().optional(),
    durationSeconds: numberOrNull.optional(),
    sizeBytes: numberOrNull.optional(),
    width: numberOrNull.optional(),
    height: numberOrNull.optional(),
    renderingSeconds: z.number().optional(),
    createdAt: z.string().nullable().optional(),
    endedAt: z.string().nullable().optional(),
    expiresAt: z.string().nullable().optional().describe('When the provider deletes the file'),
    clientData: z.looseObject({}).optional(),
  })
  .meta({ id: 'Outcome' });

const finding = z.object({ path: z.string(), message: z.string() });
const warning = finding.extend({ code: z.string() }).meta({ id: 'Warning' });

/** The copy of a video. */
const keptSchema = z
  .object({
    project: z.string(),
    store: z.string().describe('Address of the copy: s3://… or file:///…'),
    url: z.string().optional().describe('Lasting link to the copy'),
    sha256: z.string(),
    sizeBytes: z.number().int(),
    keptAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Kept' });

/** A render, as every route shows it. */
export const renderSchema = z
  .object({
    key: z.string(),
    state,
    project: z.string().optional(),
    replayed: z.boolean().optional().describe('True if another call had started the render'),
    attempts: z.number().int().describe('Submissions so far'),
    providerStatus: z.string().optional(),
    message: z.string().optional(),
    startedAt: time,
    closedAt: time.optional(),
    outcome: outcome.optional(),
    kept: keptSchema.optional().describe('The copy of the video, once it is made'),
    differences: z
      .array(z.string())
      .optional()
      .describe('Where this movie differs from the one that was sent'),
    warnings: z.array(warning).optional(),
  })
  .meta({ id: 'Render' });

/** Price of a movie. */
export const quoteSchema = z
  .object({
    credits: z.number(),
    bound: z.enum(['exact', 'estimate', 'unknown']),
    parts: z
      .array(z.object({ what: z.string(), credits: z.number(), path: z.string().optional() }))
      .readonly(),
  })
  .meta({ id: 'Quote' });

/** Findings about a movie. */
export const checkSchema = z
  .object({
    ok: z.boolean(),
    faults: z.array(finding),
    warnings: z.array(warning),
    quote: quoteSchema.optional(),
  })
  .meta({ id: 'Check' });

/** Problem details (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('Stable name of the error'),
    next: z.string().describe('The next step of the caller'),
    key: z.string().optional(),
    project: z.string().optional(),
    state: state.optional(),
    differences: z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDetails = z.output<typeof problemSchema>;
