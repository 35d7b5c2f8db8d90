import type { PostRequest } from '../../src/json2video/post-movie.js';

/** The clock of these tests stands still. */
export const NOW_MS = Date.parse('2026-11-24T10:00:00.000Z');

/** Terms of one POST that nothing stops, with a record of the checks before its first byte. */
export function postTerms(
  url: URL,
  more: Partial<PostRequest> = {},
): PostRequest & { readonly asked: string[] } {
  const asked: string[] = [];
  const { fence = () => Promise.resolve(), mayBegin = () => true, ...rest } = more;
  return {
    url,
    headers: { 'content-type': 'application/json' },
    body: '{"scenes":[]}',
    connectTimeoutMs: 5_000,
    replyTimeoutMs: () => 5_000,
    now: () => NOW_MS,
    ...rest,
    fence: () => {
      asked.push('fence');
      return fence();
    },
    mayBegin: () => {
      asked.push('mayBegin');
      return mayBegin();
    },
    asked,
  };
}
