/** A reference such as `{{headline}}` that the provider replaces by the variable's value. */
export type Variable = `{{${string}}}`;

/** A field that may be left to a variable. */
export type OrVariable<T> = T | Variable;

/** What every element may have. Fields that are not listed are passed on to the provider as they are. */
export interface ElementFields {
  /** Your own label of the element. */
  readonly id?: string;
  /** Ignored by the renderer. */
  readonly comment?: string;
  /** The element is left out where this expression is false. */
  readonly condition?: string;
  /** Values for `{{name}}` within this element; the nearest scope wins. Names: letters, digits, underscore. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** False: fetch or generate the asset anew. True by default. */
  readonly cache?: OrVariable<boolean>;
  /** Seconds from the start of the container. */
  readonly start?: OrVariable<number>;
  /** Seconds; -1: the asset's natural length, -2: the length of the container. */
  readonly duration?: OrVariable<number>;
  /** Seconds added after the element's end. */
  readonly 'extra-time'?: OrVariable<number>;
  /** -99 to 99, whole; higher is in front. */
  readonly 'z-index'?: OrVariable<number>;
  /** Seconds. */
  readonly 'fade-in'?: OrVariable<number>;
  /** Seconds. */
  readonly 'fade-out'?: OrVariable<number>;
  readonly [field: string]: unknown;
}

/** What an element has that is seen as a picture. */
export interface PictureFields extends ElementFields {
  /** A public URL. Instead of it an image may have a `prompt`. */
  readonly src?: string;
  /** Text from which an AI generates the picture; that may be charged even where the render fails. */
  readonly prompt?: string;
  /** Pixels. */
  readonly width?: OrVariable<number>;
  /** Pixels. */
  readonly height?: OrVariable<number>;
  /** Where in the frame, e.g. `top-right`. */
  readonly position?: string;
  /** How the picture is fitted into its size, e.g. `cover`. */
  readonly resize?: string;
  /** Direction of a slow move over the picture, e.g. `left`. */
  readonly pan?: string;
  /** Whole numbers only: the provider refuses a fraction when it renders, not when it accepts. */
  readonly zoom?: OrVariable<number>;
}

/** What an element has that is heard. */
export interface SoundFields extends ElementFields {
  /** A public URL. */
  readonly src?: string;
  /** 1 is the volume of the source. */
  readonly volume?: OrVariable<number>;
  readonly muted?: OrVariable<boolean>;
  /** Seconds of the source that are skipped at its start. */
  readonly seek?: OrVariable<number>;
}

/** A still picture, from a URL or generated. */
export interface ImageElement extends PictureFields {
  readonly type: 'image';
}

/** A video clip. */
export interface VideoElement extends PictureFields, SoundFields {
  readonly type: 'video';
}

/** A line or paragraph of text in one of the provider's styles. */
export interface TextElement extends ElementFields {
  readonly type: 'text';
  readonly text: string;
  /** Number of the animated style, e.g. `001`. */
  readonly style?: string;
  /** Font, colours and the like. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A web page or snippet, as a picture. */
export interface HtmlElement extends ElementFields {
  readonly type: 'html';
  readonly html?: string;
  /** A public URL, instead of `html`. */
  readonly src?: string;
}

/** One of the provider's ready-made animations. */
export interface ComponentElement extends ElementFields {
  readonly type: 'component';
  /** Its ID in the provider's library. */
  readonly component: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Music or another sound. */
export interface AudioElement extends SoundFields {
  readonly type: 'audio';
}

/** Text that is spoken by an AI voice; generating it may be charged even where the render fails. */
export interface VoiceElement extends ElementFields {
  readonly type: 'voice';
  readonly text: string;
  /** E.g. `en-US-AriaNeural`. */
  readonly voice?: string;
  /** Who speaks, e.g. `azure`. */
  readonly model?: string;
}

/** A picture of the sound. */
export interface AudiogramElement extends ElementFields {
  readonly type: 'audiogram';
}

/** Captions of all that is said; in a movie's own `elements` only. */
export interface SubtitlesElement extends ElementFields {
  readonly type: 'subtitles';
  /** E.g. `en`. */
  readonly language?: string;
  /** Style, font and colours. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What a scene is made of. */
export type SceneElement =
  | ImageElement
  | VideoElement
  | TextElement
  | HtmlElement
  | ComponentElement
  | AudioElement
  | VoiceElement
  | AudiogramElement;

/** What overlays a whole movie. */
export type MovieElement = SceneElement | SubtitlesElement;
