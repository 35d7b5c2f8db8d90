import * as fc from 'fast-check';

/** Names that our parsers look for, and those that carry traps. */
const NAMES =
  `success movie movies project status message error url ass json progress duration created_at ended_at
  client-data renderonce key fingerprint namespace has_next next_token scenes elements src html text variables template
  comment exports destinations endpoint __proto__ constructor toString toJSON length`.split(/\s+/);

/** Texts that mean something somewhere. */
const TEXTS = [
  'done',
  'error',
  'timeout',
  'JkGxEoPRF9EgRb32',
  'Insufficient credits',
  'Error: Invalid API Key',
  'https://cdn.example.com/a.mp4?X-Amz-Signature=1',
  'http://[::1',
  '{{src}}',
  '{{a.b}}',
  '12.5',
  '2026-11-24T10:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '{"project":1}',
  '\ud800',
  '\u0000',
  '',
];

const texts = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);
const names = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, texts);
const scalars = fc.oneof(texts, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));

/** JSON in the shape of what the provider and its users write, and of what they would not. */
export const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalars,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('json')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

const NESTED = [
  '['.repeat(5_000) + ']'.repeat(5_000),
  `{"movie":${'{"movie":'.repeat(5_000)}1${'}'.repeat(5_001)}`,
  '['.repeat(50_000),
];

/** Texts that should be JSON or a form: whole, cut, with bytes exchanged, or nested without end. */
export const bodies = fc.oneof(
  { weight: 40, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  {
    weight: 6,
    arbitrary: fc.tuple(json, fc.nat(80)).map(([value, end]) => (JSON.stringify(value) ?? '').slice(0, end)),
  },
  {
    weight: 6,
    arbitrary: fc
      .array(fc.tuple(names, texts), { maxLength: 6 })
      .map((fields) => new URLSearchParams(fields).toString()),
  },
  {
    weight: 6,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  },
  fc.constantFrom(...NESTED),
);

/** What a caller in JavaScript may pass: also what JSON cannot hold. */
export const values = fc.oneof(
  { weight: 40, arbitrary: json },
  {
    weight: 20,
    arbitrary: fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withObjectString: true,
      maxDepth: 4,
    }),
  },
  fc.constantFrom(cyclic(), deep(), () => undefined, Symbol('s'), undefined),
);

function cyclic(): object {
  const movie: Record<string, unknown> = { scenes: [] };
  movie['scenes'] = [movie];
  return movie;
}

function deep(): unknown {
  let value: unknown = 1;
  for (let depth = 0; depth < 5_000; depth += 1) value = { scenes: [value] };
  return value;
}

/** An object of which not even a copy can be taken. */
export const throwing = fc.constant({
  scenes: [],
  get elements(): never {
    throw new Error('a getter that throws');
  },
});

export const statuses = fc.oneof(
  fc.constantFrom(200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 503),
  fc.nat(999),
);
export { texts };
