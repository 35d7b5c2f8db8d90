import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/text/shell-word.js';

const HOSTILE = ["it's", "'; id; '", '$(id)', '`id`', 'a b', 'a\\', '"', '*', '~', '#x', "\\'", 'ключ'];

test.each(['order-12345', 'order:12345:promo', ...HOSTILE])(
  '%s reaches a program whole, as one word',
  (text) => {
    const said = execFileSync('sh', ['-c', `printf '[%s]' ${shellWord(text)}`], { encoding: 'utf8' });
    expect(said).toBe(`[${text}]`);
  },
);

test('a plain key stays as it is', () => {
  expect(shellWord('order:12345-thumbnail')).toBe('order:12345-thumbnail');
});
