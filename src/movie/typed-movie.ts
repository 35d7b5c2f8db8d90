import type { MovieElement, OrVariable, SceneElement } from './element.js';

/** Named sizes of the provider; with `custom` it reads `width` and `height`. */
type Resolution =
  | 'sd'
  | 'hd'
  | 'full-hd'
  | 'squared'
  | 'instagram-story'
  | 'instagram-feed'
  /** Of the guide to audiograms; the reference does not list it. */
  | 'instagram-portrait'
  | 'twitter-landscape'
  | 'twitter-portrait'
  | 'custom';

/**
 * The JSON document for JSON2Video: `scenes`, or a `template` and its `variables`. The type lists the documented fields and
 * refuses others, so that a misspelt name is found; a plain object may have any, which reach the provider unchanged. A
 * movie of this type may still fail: the provider checks most fields only when it renders. `Extract<SceneElement, { type: 'text' }>` is the type of one kind of element.
 *
 * @example
 * const movie: Movie = {
 *   resolution: 'full-hd',
 *   scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Thank you!' }] }],
 * };
 */
export interface Movie {
  /** Scenes, shown one after the other and rendered in parallel. Required without a `template`; may be empty. */
  readonly scenes?: readonly Scene[];
  /** Elements over the whole movie, later ones on top. */
  readonly elements?: readonly MovieElement[];
  /** ID of a saved template, 20 letters and digits. The provider does not accept its name. */
  readonly template?: string;
  /** Values for `{{name}}`. Names: letters, digits, underscore. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** `custom` by default. */
  readonly resolution?: OrVariable<Resolution>;
  /** Pixels, 50 to 3840, if the resolution is `custom`; 640 by default. */
  readonly width?: OrVariable<number>;
  /** Pixels, 50 to 3840, if the resolution is `custom`; 360 by default. */
  readonly height?: OrVariable<number>;
  /** `high` by default; `low` renders about three times faster. */
  readonly quality?: OrVariable<'low' | 'medium' | 'high'>;
  /** Frames per second, 1 to 120; 25 by default. */
  readonly fps?: OrVariable<number>;
  /** False to render anew even if the provider has rendered the same movie before. True by default. */
  readonly cache?: OrVariable<boolean>;
  /** Legacy: false for a video without a watermark. */
  readonly draft?: OrVariable<boolean>;
  /** Your own data, which webhooks and the outcome repeat. The name `renderonce` in it is reserved. */
  readonly 'client-data'?: Readonly<Record<string, unknown>>;
  /** Your own label, which webhooks repeat; not the project. */
  readonly id?: string;
  /** Ignored by the renderer; the label of the render in the Temporal UI. */
  readonly comment?: string;
  /** Targets of the finished video. In a template render they replace the template's. */
  readonly exports?: readonly Export[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Assets to fetch or generate before the scenes. */
  readonly preload?: readonly Readonly<Record<string, unknown>>[];
}

/** One piece of a movie, with a length of its own. */
export interface Scene {
  /** Your own label of the scene. */
  readonly id?: string;
  /** Ignored by the renderer. */
  readonly comment?: string;
  /** `#000000` by default. */
  readonly 'background-color'?: string;
  /** Seconds; -1, the default, is the length of its elements. */
  readonly duration?: OrVariable<number>;
  /** False to put the scene together anew. True by default. */
  readonly cache?: OrVariable<boolean>;
  /** The provider leaves the scene out if this expression is false. */
  readonly condition?: string;
  /** Values for `{{name}}` within this scene; the nearest scope wins. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Name of a variable with a list: the scene is repeated for each item. */
  readonly iterate?: string;
  /** Name of the item within the scene, `item` by default. */
  readonly 'iterate-as'?: string;
  /** ID of another scene, whose elements are added behind those of this one. */
  readonly import?: string;
  /** Transition from the scene before. */
  readonly transition?: Transition;
  readonly elements?: readonly SceneElement[];
}

/** Transition from one scene to the next. */
interface Transition {
  /** E.g. `fade`. */
  readonly style?: string;
  /** Seconds. */
  readonly duration?: OrVariable<number>;
  readonly type?: string;
}

/** Delivery of a finished video to its destinations, one after the other, within 5 minutes. */
export interface Export {
  readonly destinations: readonly Destination[];
}

/** A place for the finished video, or a recipient of a message about it. */
export type Destination =
  WebhookDestination | FileTransferDestination | EmailDestination | ConnectionDestination;

/** An HTTP POST at the end of the render. Workers that have a webhook URL add one for renderonce itself. */
interface WebhookDestination {
  readonly type: 'webhook';
  /** A public https URL. */
  readonly endpoint: string;
  /** E.g. `application/json`. */
  readonly 'content-type'?: string;
}

/** An upload. Names may have macros such as `__yyyy__` and `__filename__`. */
interface FileTransferDestination {
  readonly type: 'ftp' | 'sftp';
  readonly host: string;
  /** 21 for `ftp`, 22 for `sftp` by default. */
  readonly port?: number;
  readonly username: string;
  /** Stays in the engine's history with the movie; the `id` of a saved connection avoids that. */
  readonly password: string;
  /** `./` by default. */
  readonly 'remote-path'?: string;
  /** A generated name by default. */
  readonly file?: string;
}

/** A plain-text message, sent once; the provider replaces `__video_url__` in it and ignores a failure. */
interface EmailDestination {
  readonly type: 'email';
  readonly to: string;
  readonly subject: string;
  readonly message: string;
}

/** A saved connection of the provider's dashboard; fields beside `id` override it for this render. */
interface ConnectionDestination
  extends
    Partial<Omit<WebhookDestination, 'type'>>,
    Partial<Omit<FileTransferDestination, 'type'>>,
    Partial<Omit<EmailDestination, 'type'>> {
  readonly id: string;
  readonly type?: 'webhook' | 'ftp' | 'sftp' | 'email';
}
