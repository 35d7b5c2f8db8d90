import { z } from 'zod';

const oneOf = <const V extends string | number>(values: readonly V[], of: string, about: string) =>
  z.literal(values).meta({ of, about });

const number = (type: z.ZodNumber, first: number, of: string, about: string) =>
  type.meta({ of, about, first });

const seconds = (about: string) => number(z.number().min(0).max(86_400), 0, '-', about);

/**
 * The questions that the provider's pages answer in several ways (C1 to C22 of docs/switches.md, with the sources) or
 * do not answer (`-`): one switch each. The first position is the default.
 *
 * Without a switch: C16 (`draft` has no effect), C17 (the `accept` of a fault rule says whether a 5xx created a
 * movie), C20 (client libraries) and C22 (quality does not change the price).
 */
export const switchesSchema = z.strictObject({
  badKey: oneOf([400, 401, 403], 'C1', 'HTTP status for a wrong or missing key'),
  refusalBody: oneOf(
    ['message', 'message-code', 'envelope', 'error'],
    'C2',
    'body of a refused POST /v2/movies: {message}, {message,code}, {success:false,message} or {error}',
  ),
  rateLimit: oneOf(
    ['off', 'json', 'json-retry-after', 'empty', 'empty-retry-after'],
    'C3',
    'answer 429 above requestsPerMinute: with a JSON or an empty body, with or without Retry-After',
  ),
  requestsPerMinute: number(
    z.number().int().min(1).max(1_000_000),
    60,
    'C3',
    'requests a minute that rateLimit allows, by the server clock',
  ),
  validation: oneOf(['render', 'post'], 'C4', 'when the contents of a movie are checked'),
  webhookPayload: oneOf(
    ['P1', 'P1-status', 'P1-extra', 'P2', 'P3', 'P4', 'P4-no-id'],
    'C5',
    'shape of a callback about a finished movie',
  ),
  shortContentType: oneOf(
    ['json', 'honoured'],
    'C6',
    'body for the short content-type `urlencoded`: JSON, or the form that it names',
  ),
  formClientData: oneOf(
    ['json', 'brackets', 'lost'],
    'C6',
    'client-data in a form: as JSON text, as client-data[a][b]=, or as "[object Object]"',
  ),
  failedWebhook: oneOf(
    ['P3', 'same', 'none'],
    'C7',
    'callback about a failed movie: status and message, the shape of webhookPayload without a URL, or none',
  ),
  severalExports: oneOf(['all', 'first'], 'C8', 'items of `exports` that run'),
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
  afterTimeout: oneOf(['done', 'error', 'never'], 'C15', 'end of a render that takes longer than 15 minutes'),
  webhookDelivery: oneOf(
    ['once', 'twice', 'late', 'early', 'reorder', 'lost', 'retry'],
    'C18',
    'delivery of callbacks',
  ),
  cachedUrl: oneOf(
    ['same', 'new', 'near-expiry'],
    'C19',
    'file of a cached movie: the old one, a new one, or the old one with a minute left',
  ),
  cachedWebhook: oneOf(['sent', 'none'], 'C19', 'callback about a cached movie'),
  cachedCost: oneOf(['free', 'full'], 'C19', 'price of a cached movie'),
  noCredits: oneOf([400, 401, 'render'], 'C21', 'a submission without credits: refused, or failed later'),
  unknownKeys: oneOf(['ignored', 'refused'], '-', 'top-level fields without documentation'),
  sidesAsText: oneOf(['accepted', 'refused'], '-', '`width` and `height` of a movie as text'),
  missingScenes: oneOf(['accepted', 'refused'], '-', 'a movie without `scenes` that has elements of its own'),
  sceneSubtitles: oneOf(['accepted', 'refused'], '-', '`subtitles` inside a scene'),
  exportsPhase: oneOf(
    ['after-done', 'before-done'],
    '-',
    'callbacks go out when the movie is done, or while it is still running',
  ),
  successBeforeEnd: oneOf(['false', 'absent'], '-', '`movie.success` while pending or running'),
  listOrder: oneOf(['newest-first', 'oldest-first'], '-', 'sort order of the list'),
  voiceCreditsPerMinute: oneOf([0, 60], '-', 'price of generated speech'),
  listLagSeconds: seconds('time for which the list misses an accepted movie'),
  statusLagSeconds: seconds('time for which the project of an accepted movie is unknown'),
});

/** The positions of all switches. */
export type Switches = Readonly<z.output<typeof switchesSchema>>;
/** The switches to change; the others keep their position. */
export type SwitchSettings = { readonly [N in keyof Switches]?: Switches[N] | undefined };
