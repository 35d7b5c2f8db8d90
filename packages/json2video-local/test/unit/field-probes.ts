export const KINDS = [
  'image',
  'video',
  'audio',
  'voice',
  'text',
  'html',
  'component',
  'audiogram',
  'subtitles',
];

/** A sound element of each type. */
const SOUND: Readonly<Record<string, object>> = {
  image: { src: 'https://c.example/1.png', duration: 4 },
  video: { src: 'https://c.example/1.mp4' },
  audio: { src: 'https://c.example/1.mp3' },
  voice: { text: 'Hello there, dear listeners' },
  text: { text: 'a', duration: 4 },
  html: { html: '<b>a</b>', duration: 4 },
  component: { component: 'basic/000', duration: 4 },
  audiogram: { duration: 4 },
  subtitles: {},
};

/** A movie of one scene with an element of this type; a text beside it keeps the movie from being empty. */
export const withElement = (type: string, more: object = {}): object => ({
  scenes: [
    {
      elements: [
        { type, ...SOUND[type], ...more },
        { type: 'text', text: 'b', duration: 2 },
      ],
    },
  ],
});

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';
export const TEMPLATES = {
  [TEMPLATE]: { movie: { scenes: [{ duration: 9, elements: [{ type: 'text', text: 't' }] }] } },
};

const card = { type: 'text', text: 'a' };
export const scenes = [{ duration: 4, elements: [card] }];
export const scene = (more: object): object => ({ scenes: [{ duration: 4, elements: [card], ...more }] });
const flux = { src: undefined, prompt: 'A cat', model: 'flux-pro' };
const other = { duration: 3, elements: [card] };
const rows = { variables: { rows: [1, 2] } };

/** Two movies that differ in one imitated field. */
export const PROBES: Readonly<Record<string, readonly [object, object]>> = {
  'movie scenes': [{ scenes }, { scenes: [...scenes, ...scenes] }],
  'movie elements': [{ scenes }, { scenes, elements: [{ ...card, duration: 9 }] }],
  'movie template': [{ scenes }, { template: TEMPLATE }],
  'movie variables': [scene({ duration: '{{a}}' }), { ...scene({ duration: '{{a}}' }), variables: { a: 7 } }],
  'movie resolution': [{ scenes }, { scenes, resolution: 'hd' }],
  'movie width': [{ scenes }, { scenes, width: 800 }],
  'movie height': [{ scenes }, { scenes, height: 800 }],
  'movie quality': [{ scenes }, { scenes, quality: 'low' }],
  'movie cache': [{ scenes }, { scenes, cache: false }],
  'movie client-data': [{ scenes }, { scenes, 'client-data': { a: 1 } }],
  'movie exports': [{ scenes }, { scenes, exports: [{ destinations: [{ type: 'email' }] }] }],
  'scene elements': [scene({ duration: -1 }), scene({ duration: -1, elements: [{ ...card, duration: 8 }] })],
  'scene duration': [scene({}), scene({ duration: 6 })],
  'scene condition': [
    { scenes: [...scenes, other] },
    { scenes: [...scenes, { ...other, condition: 'false' }] },
  ],
  'scene variables': [scene({ duration: '{{a}}' }), scene({ duration: '{{a}}', variables: { a: 8 } })],
  'scene transition': [
    { scenes: [...scenes, other] },
    { scenes: [...scenes, { ...other, transition: { style: 'fade', duration: 1 } }] },
  ],
  'scene iterate': [
    { ...scene({}), ...rows },
    { ...scene({ iterate: 'rows' }), ...rows },
  ],
  'scene iterate-as': [
    { ...scene({ iterate: 'rows', duration: '{{n + 1}}' }), ...rows },
    { ...scene({ iterate: 'rows', 'iterate-as': 'n', duration: '{{n + 1}}' }), ...rows },
  ],
  'scene cache': [scene({}), scene({ cache: false })],
  'every element type': [withElement('text'), withElement('rectangle')],
  'every element id': [
    scene({
      duration: -1,
      elements: [
        { ...card, duration: 3 },
        { ...card, duration: '{{x_duration * 2}}' },
      ],
    }),
    scene({
      duration: -1,
      elements: [
        { ...card, id: 'x', duration: 3 },
        { ...card, duration: '{{x_duration * 2}}' },
      ],
    }),
  ],
  'every element condition': [withElement('video'), withElement('video', { condition: '' })],
  'every element variables': [
    withElement('video', { duration: '{{a}}' }),
    withElement('video', { duration: '{{a}}', variables: { a: 9 } }),
  ],
  'every element cache': [withElement('text'), withElement('text', { cache: false })],
  'every element start': [withElement('video'), withElement('video', { start: 3 })],
  'every element duration': [withElement('video'), withElement('video', { duration: 9 })],
  'every element extra-time': [withElement('video'), withElement('video', { 'extra-time': 3 })],
  'video model-settings': [
    withElement('video', { ...flux, model: 'wan-v2.5' }),
    withElement('video', { ...flux, model: 'wan-v2.5', 'model-settings': { duration: 8 } }),
  ],
  'voice text': [withElement('voice'), withElement('voice', { text: 'Hello there, '.repeat(20) })],
  'voice model': [withElement('voice', { text: '' }), withElement('voice', { model: 'elevenlabs-v3' })],
  'voice connection': [withElement('voice'), withElement('voice', { connection: 'mine' })],
  'text text': [withElement('text'), withElement('text', { text: undefined })],
  'component component': [withElement('component'), withElement('component', { component: undefined })],
  ...Object.fromEntries(
    ['video', 'audio'].flatMap((type) => [
      [`${type} loop`, [withElement(type), withElement(type, { loop: 2 })]],
      [`${type} seek`, [withElement(type), withElement(type, { seek: 2 })]],
      [`${type} src`, [withElement(type), withElement(type, { src: 'https://c.example/missing/1.mp4' })]],
    ]),
  ),
  ...Object.fromEntries(
    ['image', 'video'].flatMap((type) => [
      [`${type} src`, [withElement(type), withElement(type, { src: 'https://c.example/missing/1.mp4' })]],
      [`${type} prompt`, [withElement(type, { ...flux, prompt: undefined }), withElement(type, flux)]],
      [
        `${type} model`,
        [
          withElement(type, { ...flux, model: 'free' }),
          withElement(type, { ...flux, model: type === 'image' ? 'flux-pro' : 'wan-v2.5' }),
        ],
      ],
      [
        `${type} connection`,
        [
          withElement(type, { ...flux, model: type === 'image' ? 'flux-pro' : 'wan-v2.5' }),
          withElement(type, {
            ...flux,
            model: type === 'image' ? 'flux-pro' : 'wan-v2.5',
            connection: 'mine',
          }),
        ],
      ],
    ]),
  ),
};
