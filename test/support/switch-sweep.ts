import {
  type FakeOptions,
  type FaultRuleInput,
  type Switches,
  type SwitchSettings,
  switchTable,
} from 'json2video-local';
import type { JsonObject } from '../../src/text/json.js';
import type { RenderOptionsInput } from '../../src/render/options.js';

/** One render of a cell: its movie, and the fault that its first POST meets. */
export interface SweptRender {
  readonly name: string;
  /** @param callback the address of the receiver for this key */
  readonly movie: (text: string, callback: string) => JsonObject;
  readonly fault?: FaultRuleInput['effect'];
  readonly options?: RenderOptionsInput;
  /** The outcome that it must have; without it any truthful one will do. */
  readonly ends?: 'done' | 'failed' | 'timed-out';
  /** Starts after the others, with the movie of the first render. */
  readonly isRepeat?: boolean;
}

/** A provider with one switch in one position, and the renders that it meets. */
export interface SweptCell {
  readonly name: string;
  readonly fake: FakeOptions;
  readonly renders: readonly SweptRender[];
  /** True if it gets an engine of its own: a render that ends during an activity stops the engine's skipping of time. */
  readonly isAlone?: boolean;
  /** Credits that the account buys after 10 s. */
  readonly buysCredits?: number;
}

const scene = (text: string): JsonObject => ({ duration: 5, elements: [{ type: 'text', text }] });
const card = (text: string): JsonObject => ({ scenes: [scene(text)] });

const CARD: SweptRender = { name: 'card', movie: card, ends: 'done' };

const BROKEN: SweptRender = {
  name: 'broken',
  movie: () => ({ scenes: [{ elements: [{ type: 'video' }] }] }),
};

/** Every cell plays these: a good movie, a broken one, a lost reply, and a 5xx that created nothing. */
const ALWAYS: readonly SweptRender[] = [
  CARD,
  BROKEN,
  { name: 'lost', movie: card, fault: { kind: 'reset-after' }, ends: 'done' },
  { name: '5xx', movie: card, fault: { kind: 'status', code: 500, body: { error: 'busy' } }, ends: 'done' },
];

const EMPTY: SweptRender = { name: 'empty', movie: () => ({ scenes: [] }) };
const TEMPLATE: SweptRender = { name: 'template', movie: () => ({ template: 'A'.repeat(20) }) };
const SMALL: SweptRender = {
  name: 'sd',
  movie: (text) => ({ resolution: 'sd', ...card(text) }),
  ends: 'done',
};
const LARGE: SweptRender = {
  name: '4k',
  movie: (text) => ({ width: 3840, height: 2160, ...card(text) }),
  ends: 'done',
};
const REPEAT: SweptRender = { name: 'repeat', movie: card, ends: 'done', isRepeat: true };
const POLLED: SweptRender = { name: 'polled', movie: card, options: { webhook: false }, ends: 'done' };
const BAD_KEY: SweptRender = {
  name: 'bad-key',
  movie: card,
  fault: { kind: 'account', problem: 'bad-key' },
  ends: 'done',
};
const SIDES: SweptRender = {
  name: 'sides',
  movie: (text) => ({ width: '640', height: '360', ...card(text) }),
};
const OVERLAY: SweptRender = {
  name: 'overlay',
  movie: (text) => ({ elements: [{ type: 'text', text, duration: 3 }] }),
};
const CAPTIONS: SweptRender = {
  name: 'captions',
  movie: (text) => ({ scenes: [{ duration: 5, elements: [{ type: 'text', text }, { type: 'subtitles' }] }] }),
};
const STRANGE: SweptRender = { name: 'strange', movie: (text) => ({ colour: 'red', ...card(text) }) };
const form = (contentType: string): SweptRender => ({
  name: contentType,
  movie: (text, endpoint) => ({
    ...card(text),
    exports: [{ destinations: [{ type: 'webhook', endpoint, 'content-type': contentType }] }, {}],
  }),
  ends: 'done',
});
const FORMS = [form('urlencoded'), form('application/x-www-form-urlencoded')];
const EXPORTS: SweptRender = {
  name: 'exports',
  movie: (text, endpoint) => ({
    ...card(text),
    exports: [{ destinations: [] }, { destinations: [{ type: 'webhook', endpoint }] }],
  }),
  ends: 'done',
};

/** The renders and the settings that a switch needs to show. */
const WITH: { readonly [N in keyof Switches]?: Partial<Omit<SweptCell, 'name'>> } = {
  badKey: { renders: [BAD_KEY] },
  refusalBody: { renders: [TEMPLATE] },
  rateLimit: { fake: { switches: { requestsPerMinute: 8 } } },
  requestsPerMinute: { fake: { switches: { rateLimit: 'json-retry-after' } } },
  validation: { renders: [EMPTY] },
  shortContentType: { renders: FORMS },
  formClientData: { renders: FORMS },
  severalExports: { renders: [EXPORTS] },
  creditsPerSecond4k: { renders: [LARGE] },
  progress: { renders: [POLLED] },
  // The first status check, after 5 s, finds the project unknown.
  unknownProject: { renders: [POLLED], fake: { switches: { statusLagSeconds: 8 } } },
  sdSize: { renders: [SMALL] },
  emptyMovie: { renders: [EMPTY] },
  unknownTemplate: { renders: [TEMPLATE] },
  afterTimeout: { fake: { renderSeconds: 1_000 } },
  cachedUrl: { renders: [REPEAT], isAlone: true },
  cachedWebhook: { renders: [REPEAT], isAlone: true },
  cachedCost: { renders: [REPEAT], isAlone: true },
  noCredits: { fake: { credits: 0 }, buysCredits: 1_000 },
  unknownKeys: { renders: [STRANGE] },
  sidesAsText: { renders: [SIDES] },
  missingScenes: { renders: [OVERLAY] },
  sceneSubtitles: { renders: [CAPTIONS] },
  successBeforeEnd: { renders: [POLLED] },
  statusLagSeconds: { renders: [POLLED] },
};

/** Positions of the switches that take any number. The settle window of the sweep is longer than the list's lag. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  requestsPerMinute: [8, 60],
  listLagSeconds: [0, 20],
  statusLagSeconds: [0, 8],
};

/** Positions in which a good movie does not become `done`. */
const OTHER_ENDS: Readonly<Record<string, SweptRender['ends']>> = {
  'afterTimeout=error': 'failed',
  'afterTimeout=never': 'timed-out',
  'noCredits=render': 'failed',
};

/** Longer than the provider's computed timeout. */
const SHORT_RENDER = { renderTimeoutSeconds: 1_200 };

/** Positions in which a callback meets a status check or an acceptance; each of their renders is a cell of its own. */
const CALLED_BACK_AT_ONCE = ['webhookDelivery=early', 'listLagSeconds=20'];

/** Returns a cell for every position of every switch. */
export function sweptCells(): SweptCell[] {
  return switchTable().flatMap(({ name, positions }) =>
    (positions.length > 0 ? positions : (NUMBERS[name] ?? [])).flatMap((position) => {
      const cell = cellOf(name, position);
      if (!CALLED_BACK_AT_ONCE.includes(cell.name)) return [cell];
      return cell.renders.map((render) => ({
        ...cell,
        name: `${cell.name}, ${render.name}`,
        // A movie is sent again only if the list shows another one of the account.
        renders: render.name === '5xx' ? [CARD, render] : [render],
        isAlone: true,
      }));
    }),
  );
}

/** Returns a cell with all switches in their default position, for a client with a fault. */
export function plantedCell(name: string): SweptCell {
  return { name, fake: {}, renders: [CARD, BROKEN], isAlone: true };
}

function cellOf(switchName: string, position: string | number): SweptCell {
  const name = `${switchName}=${position}`;
  const {
    renders = [],
    fake = {},
    ...more
  } = Object.entries(WITH).find(([key]) => key === switchName)?.[1] ?? {};
  // The table says that the switch takes this position; another one is refused when the server starts.
  const switches: SwitchSettings = { ...fake.switches, [switchName]: position };
  const ends = OTHER_ENDS[name];
  return {
    name,
    fake: { ...fake, switches },
    renders: [...ALWAYS, ...renders].map((each) =>
      ends === undefined || each.ends === undefined ? each : { ...each, ends, options: SHORT_RENDER },
    ),
    ...(ends === undefined ? more : {}),
  };
}
