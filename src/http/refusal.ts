import { RenderonceError } from '../render/errors.js';

/** Refusals that only HTTP knows, each with its status and the caller's next step. */
const REFUSALS = {
  RequestInvalid: [400, 'Correct the request and send it again. `/openapi.json` describes all requests.'],
  TokenInvalid: [401, 'Send a token: `Authorization: Bearer <token>`. `renderonce token create` makes one.'],
  OriginRefused: [403, 'Call the server by its own address. To serve others, set RENDERONCE_TOKENS.'],
  FormRefused: [403, 'Load the page again, and send its form once more.'],
  ScopeMissing: [403, 'Use a token with this scope.'],
  NotOffered: [403, 'See `/openapi.json` for all requests.'],
  RouteNotFound: [404, 'See `/openapi.json` for all requests.'],
  BudgetNotFound: [404, 'Check the name of the budget. `PUT /v1/budgets/{name}` makes one.'],
  VideoNotFound: [404, 'See the state of the render. A render that goes on has no video yet.'],
  MethodNotAllowed: [405, 'Use one of the methods in the header `Allow`.'],
  RequestTimeout: [408, 'Send the whole request faster.'],
  VideoExpired: [410, 'Render the movie again under a new key.'],
  BodyTooLarge: [413, 'Send a smaller movie.'],
  MediaTypeUnsupported: [415, 'Send JSON, with the header `content-type: application/json`.'],
  RangeUnsatisfiable: [416, 'Ask for a range within the video, or for the whole video.'],
  RateLimited: [429, 'Send the request again after the seconds in the header `Retry-After`.'],
  HeadersTooLarge: [431, 'Send shorter headers.'],
  ProviderNotSet: [501, 'Set JSON2VIDEO_API_KEY for the server.'],
  ServerStopping: [503, 'Send the same request again.'],
} as const satisfies Record<string, readonly [status: number, next: string]>;

type RefusalCode = keyof typeof REFUSALS;

/** The server refused a request before it asked the engine, or has no such thing to show. */
export class Refusal extends RenderonceError {
  readonly code: RefusalCode;
  readonly next: string;
  readonly status: number;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    [this.status, this.next] = REFUSALS[code];
  }
}

/** Returns the refusal for an HTTP status that the server's framework chose; undefined if there is none. */
export function refusalOf(status: number, message: string): Refusal | undefined {
  for (const code of Object.keys(REFUSALS)) {
    if (isRefusalCode(code) && REFUSALS[code][0] === status) return new Refusal(code, message);
  }
  return status >= 400 && status < 500 ? new Refusal('RequestInvalid', message) : undefined;
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}
