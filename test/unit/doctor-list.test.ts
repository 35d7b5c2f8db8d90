import { expect, test } from 'vitest';
import { listCheck } from '../../src/cli/commands/doctor/list-check.js';

const run = { key: 'order:1', project: 'P', startedAtMs: 0 };

test.each([
  [{ as: 'nothing known' }, 'ok', /knows no render that this API key had accepted/],
  [
    { as: 'marked', run, agoMs: 42_000 },
    'ok',
    /project P of key order:1, accepted 42 s ago: it lags by no more than that/,
  ],
  [{ as: 'marked', run }, 'ok', /with its mark, project P of key order:1$/],
  [{ as: 'unmarked', run, agoMs: 42_000 }, 'wrong', /but not the mark/],
  [{ as: 'missing', run, agoMs: 42_000 }, 'warning', /does not show project P .* yet/],
  [{ as: 'all missing', run, agoMs: 42_000 }, 'warning', /does not show project P .* yet/],
  [{ as: 'missing', run, agoMs: 420_000 }, 'wrong', /shows older renders, but not project P/],
  [{ as: 'all missing', run, agoMs: 420_000 }, 'wrong', /shows no render that this API key had accepted/],
  [{ as: 'all missing', run }, 'wrong', /shows no render/],
] as const)('the check of the list follows from what it shows: %j', (seen, level, message) => {
  const check = listCheck(seen);
  expect(check).toMatchObject({ name: 'list', level, message: expect.stringMatching(message) });
  expect(check.fix !== undefined).toBe(level !== 'ok');
});
