import { expect, test } from 'vitest';
import { assetCreditsIn, creditsOf } from '../../src/json2video/movie-reply.js';

const RENDER = { type: 'render', credits: 5 };
const ASSETS = { type: 'assets', credits: 19.5 };

test.each([
  ['a started second', { status: 'done', duration: 4.2 }, 5],
  ['the assets that are named', { status: 'done', duration: 4.2, consumed_credits: [RENDER, ASSETS] }, 25],
  ['only assets of a failed render', { status: 'error', duration: null, consumed_credits: [ASSETS] }, 20],
  ['nothing of a failed render', { status: 'error', duration: null, consumed_credits: null }, 0],
  ['nothing yet', { status: 'running', duration: null, consumed_credits: [ASSETS] }, undefined],
])('a movie costs %s', (_, reply, credits) => {
  expect(creditsOf(reply)).toBe(credits);
});

test('a reply names the credits of assets if it names any credits', () => {
  expect([null, [], [RENDER], [RENDER, ASSETS]].map((items) => assetCreditsIn(items))).toEqual([
    undefined,
    undefined,
    0,
    20,
  ]);
});
