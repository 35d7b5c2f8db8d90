import type { MovieElement, OrVariable, SceneElement } from './element.js';

/** Sizes that the provider has names for; `custom` reads `width` and `height`. */
export type Resolution =
  | 'sd'
  | 'hd'
  | 'full-hd'
  | 'squared'
  | 'instagram-story'
  | 'instagram-feed'
  | 'twitter-landscape'
  | 'twitter-portrait'
  | 'custom';

/**
 * The JSON document that is sent to JSON2Video: `scenes`, or a `template` and its `variables`. The fields are the
 * documented ones, so that an editor can help; others are passed on as they are. That a movie has this type does not
 * mean that the provider can render it: it checks most fields only when it renders.
 *
 * @example
 * const movie: Movie = {
 *   resolution: 'full-hd',
 *   scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Thank you!' }] }],
 * };
 */
export interface Movie {
  /** Played one after the other, rendered in parallel. Required unless there is a `template`; may be empty. */
  readonly scenes?: readonly Scene[];
  /** Lie over the whole movie, later ones on top. */
  readonly elements?: readonly MovieElement[];
  /** ID of a saved template, 20 letters and digits; its name is not accepted. */
  readonly template?: string;
  /** Values for `{{name}}`. Names: letters, digits, underscore. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** `custom` by default. */
  readonly resolution?: OrVariable<Resolution>;
  /** Pixels, 50 to 3840, where the resolution is `custom`; 640 by default. */
  readonly width?: OrVariable<number>;
  /** Pixels, 50 to 3840, where the resolution is `custom`; 360 by default. */
  readonly height?: OrVariable<number>;
  /** `high` by default; `low` renders about three times faster. */
  readonly quality?: OrVariable<'low' | 'medium' | 'high'>;
  /** Frames per second, 1 to 120; 25 by default. */
  readonly fps?: OrVariable<number>;
  /** False: render anew, also where the provider has rendered the same movie before. True by default. */
  readonly cache?: OrVariable<boolean>;
  /** Your own data, echoed in webhooks and in the outcome. `renderonce` in it is reserved. */
  readonly 'client-data'?: Readonly<Record<string, unknown>>;
  /** Your own label, echoed in webhooks; not the project. */
  readonly id?: string;
  /** Ignored by the renderer; the label of the render in the Temporal UI. */
  readonly comment?: string;
  /** Where the finished video goes. In a template render they replace the template's. */
  readonly exports?: readonly Export[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Assets to fetch or generate before the scenes. */
  readonly preload?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

/** One piece of a movie, with a length of its own. */
export interface Scene {
  /** Your own label of the scene. */
  readonly id?: string;
  /** Ignored by the renderer. */
  readonly comment?: string;
  /** `#000000` by default. */
  readonly 'background-color'?: string;
  /** Seconds; -1, the default: as long as its elements. */
  readonly duration?: OrVariable<number>;
  /** False: put the scene together anew. True by default. */
  readonly cache?: OrVariable<boolean>;
  /** The scene is left out where this expression is false. */
  readonly condition?: string;
  /** Values for `{{name}}` within this scene; the nearest scope wins. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How it follows the scene before. */
  readonly transition?: Transition;
  readonly elements?: readonly SceneElement[];
  readonly [field: string]: unknown;
}

/** How one scene follows another. */
export interface Transition {
  /** E.g. `fade`. */
  readonly style?: string;
  /** Seconds. */
  readonly duration?: OrVariable<number>;
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** Where a finished video goes: its destinations, one after the other, within 5 minutes. */
export interface Export {
  readonly destinations: readonly Destination[];
  readonly [field: string]: unknown;
}

/** A place for the finished video, or somebody who is told of it. */
export type Destination =
  WebhookDestination | FileTransferDestination | EmailDestination | ConnectionDestination;

/** An HTTP POST when the render has ended. One for renderonce itself is added where workers have a webhook URL. */
export interface WebhookDestination {
  readonly type: 'webhook';
  /** A public https URL. */
  readonly endpoint: string;
  /** E.g. `application/json`. */
  readonly 'content-type'?: string;
  readonly [field: string]: unknown;
}

/** An upload. Names may have macros such as `__yyyy__` and `__filename__`. */
export interface FileTransferDestination {
  readonly type: 'ftp' | 'sftp';
  readonly host: string;
  /** 21 for `ftp`, 22 for `sftp` by default. */
  readonly port?: number;
  readonly username: string;
  /** Kept in the engine's history with the movie; a saved connection's `id` keeps it out. */
  readonly password: string;
  /** `./` by default. */
  readonly 'remote-path'?: string;
  /** A generated name by default. */
  readonly file?: string;
  readonly [field: string]: unknown;
}

/** A plain-text message; `__video_url__` in it is replaced. Never repeated, and its failure changes nothing. */
export interface EmailDestination {
  readonly type: 'email';
  readonly to: string;
  readonly subject: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A connection saved in the provider's dashboard; fields beside `id` override it for this render. */
export interface ConnectionDestination {
  readonly id: string;
  readonly [field: string]: unknown;
}
