import { z } from 'zod';

const oneOf = <const V extends string | number>(values: readonly V[], of: string, about: string) =>
  z.literal(values).meta({ of, about });

const seconds = (about: string) => z.number().min(0).max(86_400).meta({ of: '-', about });

/**
 * What sources contradict each other about (C1 to C22 of docs/fake.md, which says who says what), or do not say
 * at all ("-"): one switch each. The first position is the default.
 *
 * C16 (`draft` is accepted and ignored), C20 (client libraries) and C22 (quality changes no price) are fixed.
 */
export const quirksSchema = z.strictObject({
  badKey: oneOf([400, 401, 403], 'C1', 'HTTP status for a wrong or missing key'),
  refusalBody: oneOf(
    ['message', 'message-code', 'envelope', 'error'],
    'C2',
    'body of a refused POST /v2/movies: {message}, {message,code}, {success:false,message} or {error}',
  ),
  rateLimit: oneOf(
    ['off', 'json', 'json-retry-after', 'empty', 'empty-retry-after'],
    'C3',
    'answer 429 above requestsPerMinute: with which body, with or without Retry-After',
  ),
  validation: oneOf(['render', 'post'], 'C4', 'when the contents of a movie are checked'),
  webhookPayload: oneOf(
    ['P1', 'P1-status', 'P1-extra', 'P2', 'P3', 'P4', 'P4-no-id'],
    'C5',
    'what a callback about a finished movie carries',
  ),
  shortContentType: oneOf(
    ['json', 'honoured'],
    'C6',
    'what a short content-type (`urlencoded`) selects: JSON all the same, or the form it names',
  ),
  formClientData: oneOf(
    ['json', 'brackets', 'lost'],
    'C6',
    'how a form carries client-data: as JSON text, as client-data[a][b]=, or as "[object Object]"',
  ),
  failedWebhook: oneOf(
    ['P3', 'same', 'none'],
    'C7',
    'callback about a failed movie: status and message, the shape of webhookPayload without a URL, or none',
  ),
  severalExports: oneOf(['all', 'first'], 'C8', 'which items of `exports` run'),
  creditsPerSecond4k: oneOf([1, 4], 'C9', 'price of one second at 3840x2160 and above'),
  progress: oneOf(['absent', 'present'], 'C10', '`progress` while running, `thumbnail` when done'),
  unknownProject: oneOf(
    [400, 404, 'empty', 'missing', 'error'],
    'C11',
    'status of an unknown project: the leaked 400, a 404, or 200 with an empty, a missing, a failed movie',
  ),
  sdSize: oneOf(['640x360', '640x480'], 'C12', 'pixels of the preset `sd`'),
  emptyMovie: oneOf(['error', 'clip'], 'C13', 'a movie without elements: a failed render, or 5 s of black'),
  unknownTemplate: oneOf([400, 404, 'render'], 'C14', 'a render of an unknown template: refused, or failed'),
  afterTimeout: oneOf(
    ['done', 'error', 'never'],
    'C15',
    'what becomes of a render that takes longer than 15 minutes',
  ),
  serverError: oneOf(
    ['nothing-created', 'created', 'created-and-cut'],
    'C17',
    'what a 5xx on POST means when its fault rule does not say: nothing, a movie, a movie and no reply',
  ),
  webhookDelivery: oneOf(
    ['once', 'twice', 'late', 'early', 'reorder', 'lost', 'retry'],
    'C18',
    'how callbacks are delivered',
  ),
  cachedUrl: oneOf(
    ['same', 'new', 'near-expiry'],
    'C19',
    'file of a cached movie: the old one, a new one, or the old one with a minute left',
  ),
  cachedWebhook: oneOf(['sent', 'none'], 'C19', 'is a cached movie called back?'),
  cachedCost: oneOf(['free', 'full'], 'C19', 'what a cached movie costs'),
  noCredits: oneOf([400, 401, 'render'], 'C21', 'a submission without credits: refused, or failed later'),
  unknownKeys: oneOf(['ignored', 'refused'], '-', 'top-level fields that nobody documented'),
  exportsPhase: oneOf(
    ['after-done', 'before-done'],
    '-',
    'do callbacks go out when the movie is done, or is it running until they have gone out?',
  ),
  successBeforeEnd: oneOf(['false', 'absent'], '-', '`movie.success` while pending or running'),
  listOrder: oneOf(['newest-first', 'oldest-first'], '-', 'sort order of the list'),
  voiceCreditsPerMinute: oneOf([0, 60], '-', 'price of generated speech'),
  requestsPerMinute: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ of: 'C3', about: 'what rateLimit allows, by the fake clock' }),
  listLagSeconds: seconds('how long an accepted movie is missing from the list'),
  statusLagSeconds: seconds('how long the project of an accepted movie is unknown'),
});

/** How the local JSON2Video behaves where the provider's pages contradict each other. */
export type Quirks = Readonly<z.output<typeof quirksSchema>>;
/** The quirks to change; the others keep their position. */
export type QuirkSettings = { readonly [N in keyof Quirks]?: Quirks[N] | undefined };

export const DEFAULT_QUIRKS: Quirks = {
  badKey: 400,
  refusalBody: 'message',
  rateLimit: 'off',
  validation: 'render',
  webhookPayload: 'P1',
  shortContentType: 'json',
  formClientData: 'json',
  failedWebhook: 'P3',
  severalExports: 'all',
  creditsPerSecond4k: 1,
  progress: 'absent',
  unknownProject: 400,
  sdSize: '640x360',
  emptyMovie: 'error',
  unknownTemplate: 400,
  afterTimeout: 'done',
  serverError: 'nothing-created',
  webhookDelivery: 'once',
  cachedUrl: 'same',
  cachedWebhook: 'sent',
  cachedCost: 'free',
  noCredits: 400,
  unknownKeys: 'ignored',
  exportsPhase: 'after-done',
  successBeforeEnd: 'false',
  listOrder: 'newest-first',
  voiceCreditsPerMinute: 0,
  requestsPerMinute: 60,
  listLagSeconds: 0,
  statusLagSeconds: 0,
};
