import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OptionsInvalid } from '../../src/render/errors.js';
import { NUMBER_OPTIONS, parseOptions } from '../../src/render/options.js';

const DEFAULTS = {
  pollSeconds: 5,
  renderTimeoutSeconds: 3_600,
  errorGraceSeconds: 60,
  submitPatienceSeconds: 3_600,
  submitTimeoutSeconds: 90,
  settleSeconds: 120,
  resubmissions: 1,
};

/** The lowest and the highest value that each option takes. */
const BOUNDS: readonly (readonly [keyof typeof DEFAULTS, number, number])[] = [
  ['pollSeconds', 5, 3_600],
  ['renderTimeoutSeconds', 10, 604_800],
  ['errorGraceSeconds', 10, 86_400],
  ['submitPatienceSeconds', 0, 2_592_000],
  ['submitTimeoutSeconds', 10, 600],
  ['settleSeconds', 30, 86_400],
];

test.each([[undefined], [null], [{}], [{ pollSeconds: undefined, errorGraceSeconds: null }]])(
  'without values, as in %j, every option has its default',
  (input) => {
    expect(parseOptions(input)).toMatchObject(DEFAULTS);
  },
);

test('given options are kept, and the others have their default', () => {
  const given = { pollSeconds: 7.5, submitTimeoutSeconds: 30 };
  expect(parseOptions(given)).toMatchObject({ ...DEFAULTS, ...given });
});

describe.each(BOUNDS)('%s', (name, min, max) => {
  test(`takes everything from ${min} to ${max}`, () => {
    fc.assert(
      fc.property(fc.double({ min, max, noNaN: true }), (value) => {
        expect(parseOptions({ [name]: value })).toMatchObject({ ...DEFAULTS, [name]: value });
      }),
    );
    expect(parseOptions({ [name]: min })).toHaveProperty(name, min);
    expect(parseOptions({ [name]: max })).toHaveProperty(name, max);
  });

  test.each([min - 0.001, max + 0.001, -1, Infinity, -Infinity])('refuses %d, and names itself', (value) => {
    expect(() => parseOptions({ [name]: value })).toThrow(OptionsInvalid);
    expect(() => parseOptions({ [name]: value })).toThrow(new RegExp(`^${name} is .*from ${min} to ${max}$`));
  });

  test.each([['60'], [true], [[60]], [{ seconds: 60 }], [Number.NaN], ['']])('refuses %j', (value) => {
    expect(() => parseOptions({ [name]: value })).toThrow(OptionsInvalid);
  });

  test('is listed among the names of options', () => {
    expect(NUMBER_OPTIONS.map((option) => option.name)).toContain(name);
  });
});

describe('resubmissions', () => {
  test.each([0, 1])('may be %i', (resubmissions) => {
    expect(parseOptions({ resubmissions })).toHaveProperty('resubmissions', resubmissions);
  });

  test.each([2, -1, 0.5, '1', true])('may not be %j', (resubmissions) => {
    expect(() => parseOptions({ resubmissions })).toThrow(OptionsInvalid);
  });
});

describe.each(['lookFrom', 'lookUntil'])('%s', (name) => {
  test('is absent unless it is given, and is kept as it is', () => {
    expect(parseOptions({})).not.toHaveProperty(name);
    expect(parseOptions({ [name]: '2026-11-24T10:00:00.000Z' })).toHaveProperty(
      name,
      '2026-11-24T10:00:00.000Z',
    );
  });

  test.each(['', 'soon', 1_790_000_000_000, ['2026-11-24'], true])('may not be %j', (value) => {
    expect(() => parseOptions({ [name]: value })).toThrow(OptionsInvalid);
  });
});

test.each([['pollSecond'], ['toString'], ['constructor'], ['']])(
  'an option that does not exist, such as "%s", is refused by its name',
  (name) => {
    expect(() => parseOptions({ [name]: 5 })).toThrow(new OptionsInvalid(`there is no option ${name}`));
  },
);

test.each([['fast'], [5], [true], [[]], [[{ pollSeconds: 5 }]]])('%j is not options', (input) => {
  expect(() => parseOptions(input)).toThrow(new OptionsInvalid('the options are not an object'));
});

test('a value that cannot be written down is refused as well, with its type', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  expect(() => parseOptions({ pollSeconds: cyclic })).toThrow('pollSeconds is object, and must be a number');
});
