/** A reference such as `{{headline}}` that the provider replaces by the variable's value. */
type Variable = `{{${string}}}`;

/** A field whose value a variable may give. */
export type OrVariable<T> = T | Variable;

/** Fields of every element. Fields that are not listed reach the provider unchanged. */
interface ElementFields {
  /** Your own label of the element. */
  readonly id?: string;
  /** Ignored by the renderer. */
  readonly comment?: string;
  /** The provider leaves the element out if this expression is false. */
  readonly condition?: string;
  /** Values for `{{name}}` within this element; the nearest scope wins. Names: letters, digits, underscore. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** False to fetch or generate the asset anew. True by default. */
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

/** Fields of an element that shows a picture. */
interface PictureFields extends ElementFields {
  /** A public URL. An image may have a `prompt` instead. */
  readonly src?: string;
  /** Text from which an AI generates the picture. The provider may charge it even if the render fails. */
  readonly prompt?: string;
  /** Pixels. */
  readonly width?: OrVariable<number>;
  /** Pixels. */
  readonly height?: OrVariable<number>;
  /** Place in the frame, e.g. `top-right`. */
  readonly position?: string;
  /** Way to fit the picture into its size, e.g. `cover`. */
  readonly resize?: string;
  /** Direction of a slow move over the picture, e.g. `left`. */
  readonly pan?: string;
  /** Whole numbers only. The provider accepts a fraction and then fails to render it. */
  readonly zoom?: OrVariable<number>;
}

/** Fields of an element that plays a sound. */
interface SoundFields extends ElementFields {
  /** A public URL. */
  readonly src?: string;
  /** 1 is the volume of the source. */
  readonly volume?: OrVariable<number>;
  readonly muted?: OrVariable<boolean>;
  /** Seconds to skip at the start of the source. */
  readonly seek?: OrVariable<number>;
}

/** A still picture, from a URL or generated. */
interface ImageElement extends PictureFields {
  readonly type: 'image';
}

/** A video clip. */
interface VideoElement extends PictureFields, SoundFields {
  readonly type: 'video';
}

/** A line or paragraph of text in one of the provider's styles. */
interface TextElement extends ElementFields {
  readonly type: 'text';
  readonly text: string;
  /** Number of the animated style, e.g. `001`. */
  readonly style?: string;
  /** Font, colours and the like. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A web page or snippet, shown as a picture. */
interface HtmlElement extends ElementFields {
  readonly type: 'html';
  readonly html?: string;
  /** A public URL, instead of `html`. */
  readonly src?: string;
}

/** One of the provider's ready-made animations. */
interface ComponentElement extends ElementFields {
  readonly type: 'component';
  /** Its ID in the provider's library. */
  readonly component: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Music or another sound. */
interface AudioElement extends SoundFields {
  readonly type: 'audio';
}

/** Text that an AI voice speaks. The provider may charge its generation even if the render fails. */
interface VoiceElement extends ElementFields {
  readonly type: 'voice';
  readonly text: string;
  /** E.g. `en-US-AriaNeural`. */
  readonly voice?: string;
  /** Service of the voice, e.g. `azure`. */
  readonly model?: string;
}

/** A picture of the sound. */
interface AudiogramElement extends ElementFields {
  readonly type: 'audiogram';
}

/** Captions of all speech; only in the movie's own `elements`. */
interface SubtitlesElement extends ElementFields {
  readonly type: 'subtitles';
  /** E.g. `en`. */
  readonly language?: string;
  /** Style, font and colours. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** An element of a scene. `Extract<SceneElement, { type: 'text' }>` is the type of one kind. */
export type SceneElement =
  | ImageElement
  | VideoElement
  | TextElement
  | HtmlElement
  | ComponentElement
  | AudioElement
  | VoiceElement
  | AudiogramElement;

/** An element that lies over the whole movie. */
export type MovieElement = SceneElement | SubtitlesElement;
