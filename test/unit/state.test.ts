import { describe, expect, test } from 'vitest';
import { isRenderState, RENDER_STATES } from '../../src/render/state.js';

describe('states', () => {
  test('are the eleven of the search attribute, and nothing else is one', () => {
    expect(RENDER_STATES.join(' ')).toBe(
      'submitting waiting unknown held rendering done failed timed-out cancelled rejected abandoned',
    );
    for (const state of RENDER_STATES) expect(isRenderState(state)).toBe(true);
    for (const other of ['', 'Done', 'timed out', 'toString', undefined, null, 5, ['done']]) {
      expect(isRenderState(other)).toBe(false);
    }
  });
});
