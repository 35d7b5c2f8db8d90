import { expect, test } from 'vitest';
import { problemOf } from '../../src/http/problem.js';
import type { Caller } from '../../src/http/caller.js';
import * as errors from '../../src/render/errors.js';
import { RenderonceError } from '../../src/render/errors.js';

const CALLER: Caller = { id: 'shop', scopes: ['submit', 'read'] };
const KEY = 'order-1042';

/** One error of each class that callers of the API meet. */
const all = [
  new errors.KeyNotFound(KEY, { key: KEY }),
  new errors.RenderFailed('no', { key: KEY, project: 'P' }),
  new errors.RenderTimedOut('late', { key: KEY, project: 'P' }),
  new errors.RenderCancelled('cancelled', { key: KEY, project: 'P' }),
  new errors.RenderAbandoned('given up', { key: KEY }),
  new errors.SubmissionPending('held', { key: KEY }),
  new errors.SubmissionPending('waiting', { key: KEY }),
  new errors.DecisionRefused('no', { key: KEY }),
  new errors.DecisionPending('late', { key: KEY }),
];

test.each(all.map((error) => [error.constructor.name, error] as const))(
  '%s tells a caller of the API no command of the command line',
  (_, error) => {
    expect(error).toBeInstanceOf(RenderonceError);
    const { detail, next } = problemOf(error, CALLER);
    expect(next).not.toBe('');
    expect(next).not.toMatch(/`renderonce|restart: true|namespace/);
    expect(detail).not.toMatch(/`renderonce|--/);
  },
);
