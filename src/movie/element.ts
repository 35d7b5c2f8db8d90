/** A reference such as `{{headline}}` that the provider replaces by the variable's value. */
type Variable = `{{${string}}}`;

/** A field whose value a variable may give. */
export type OrVariable<T> = T | Variable;

/** Fields of every element. */
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
  /** True to keep the fetched or generated asset in the account's media; else it is deleted after 3 days. */
  readonly 'save-to-media'?: OrVariable<boolean>;
}

/** Settings of an effect or of a model, with names of their own. */
type Settings = Readonly<Record<string, unknown>>;

/** Fields of an element that is seen: its place in the frame, and effects. */
interface SeenFields extends ElementFields {
  /** Place in the frame, e.g. `top-right`; with `custom` the provider reads `x` and `y`. */
  readonly position?: string;
  /** Pixels. */
  readonly x?: OrVariable<number>;
  /** Pixels. */
  readonly y?: OrVariable<number>;
  /** Pixels; -1 is the width of the movie, or keeps the form of the source. */
  readonly width?: OrVariable<number>;
  /** Pixels. */
  readonly height?: OrVariable<number>;
  /** Legacy: `width` and `height` to scale to. */
  readonly scale?: Settings;
  /** Pixels of the part that is shown. */
  readonly crop?: Settings;
  /** Turn and its speed, e.g. `{ angle: 360, speed: 1 }`. */
  readonly rotate?: Settings;
  /** Colour that becomes transparent, e.g. `{ color: '#00ff00', tolerance: 20 }`. */
  readonly 'chroma-key'?: Settings;
  /** Brightness, contrast and the like. */
  readonly correction?: Settings;
  /** A public URL of a picture, or a named form. */
  readonly mask?: string;
  readonly 'flip-horizontal'?: OrVariable<boolean>;
  readonly 'flip-vertical'?: OrVariable<boolean>;
  /** Way to fit the picture into its size, e.g. `cover`. */
  readonly resize?: string;
  /** Direction of a slow move over the picture, e.g. `left`. */
  readonly pan?: string;
  readonly 'pan-distance'?: OrVariable<number>;
  readonly 'pan-crop'?: OrVariable<boolean>;
  /** Whole numbers only. The provider accepts a fraction and then fails to render it. */
  readonly zoom?: OrVariable<number>;
}

/** Fields of an asset that an AI generates. The provider may charge it even if the render fails. */
interface GeneratedFields {
  /** Name of the AI model. */
  readonly model?: string;
  readonly 'model-settings'?: Settings;
  /** ID of a connection of your dashboard, whose account pays the model. */
  readonly connection?: string;
}

/** Fields of an element that shows a picture. */
interface PictureFields extends SeenFields, GeneratedFields {
  /** A public URL, or a `prompt` instead. */
  readonly src?: string;
  /** Text from which an AI generates the asset. */
  readonly prompt?: string;
  /** Form of a generated picture: `horizontal`, `vertical`, `squared`. */
  readonly 'aspect-ratio'?: string;
}

/** Fields of an element that is heard. */
interface HeardFields {
  /** 1 is the volume of the source. */
  readonly volume?: OrVariable<number>;
  readonly muted?: OrVariable<boolean>;
}

/** Fields of an element that plays a file. */
interface SoundFields extends ElementFields, HeardFields {
  /** A public URL. */
  readonly src?: string;
  /** Seconds to skip at the start of the source. */
  readonly seek?: OrVariable<number>;
  /** Number of plays; -1 repeats without end. */
  readonly loop?: OrVariable<number | boolean>;
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
interface TextElement extends SeenFields {
  readonly type: 'text';
  readonly text: string;
  /** Number of the animated style, e.g. `001`. */
  readonly style?: string;
  /** Font, colours and the like. */
  readonly settings?: Settings;
}

/** A web page or snippet, shown as a picture. */
interface HtmlElement extends SeenFields {
  readonly type: 'html';
  readonly html?: string;
  /** A public URL, instead of `html`. */
  readonly src?: string;
  /** True to load Tailwind CSS. */
  readonly tailwindcss?: OrVariable<boolean>;
  /** `tailwindcss`, as tutorial 6 writes it. */
  readonly tailwind?: OrVariable<boolean>;
  /** Font, colours and the like. */
  readonly settings?: Settings;
  /** Legacy: window and length of a recording. */
  readonly capture?: Settings;
  /** Seconds until the page is taken. */
  readonly wait?: OrVariable<number>;
}

/** One of the provider's ready-made animations. */
interface ComponentElement extends SeenFields {
  readonly type: 'component';
  /** Its ID in the provider's library. */
  readonly component: string;
  readonly settings?: Settings;
}

/** Music or another sound. */
interface AudioElement extends SoundFields {
  readonly type: 'audio';
}

/** Text that an AI voice speaks. The provider may charge its generation even if the render fails. */
interface VoiceElement extends ElementFields, GeneratedFields, HeardFields {
  readonly type: 'voice';
  readonly text: string;
  /** E.g. `en-US-AriaNeural`. */
  readonly voice?: string;
}

/** A picture of the sound. */
interface AudiogramElement extends SeenFields, HeardFields {
  readonly type: 'audiogram';
  readonly color?: string;
  readonly amplitude?: OrVariable<number>;
  readonly opacity?: OrVariable<number>;
}

/** Captions of all speech; only in the movie's own `elements`. */
interface SubtitlesElement extends ElementFields, Omit<GeneratedFields, 'model-settings'> {
  readonly type: 'subtitles';
  /** E.g. `en`. */
  readonly language?: string;
  /** A public URL, or the captions themselves. */
  readonly captions?: string;
  /** Style, font and colours. */
  readonly settings?: Settings;
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
