import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeJson2Video } from 'json2video-local';
import type * as Post from '../../../src/json2video/post-movie.js';
import { withMark } from '../../../src/movie/movie.js';
import { CARD } from '../../support/stage.js';
import type { ControlScenario } from './control.js';
import { markedMovie } from '../../support/scripted-provider.js';
import { isAccepted, LISTED_WITNESS, LOSE_REPLY, overHttp } from './http-scenarios.js';
import { FINGERPRINT, KEY, load } from './skipped-run.js';

/** More lists than looks: who counts them has looked in vain for the last time. */
const FALSE_LISTS = 8;

/** The reply to the POST is lost, and these answers to the first list requests say nothing true. */
function misled(how: string, answer: { readonly body: object; readonly headers?: Record<string, string> }) {
  const effect = { kind: 'status', code: 200, accept: false, ...answer } as const;
  return overHttp({
    name: `the reply to the POST is lost, and ${how}`,
    fake: { faults: [LOSE_REPLY, { match: { call: 'list' }, effect, times: FALSE_LISTS }] },
  });
}

/** Shows the account's witness, and not the movie. */
const EMPTY = { success: true, movies: [markedMovie(LISTED_WITNESS)], has_next: false, next_token: null };

export const CACHED_LIST = misled('a cache answers with a list of before', {
  body: EMPTY,
  headers: { age: '8' },
});

export const SHORT_LIST = misled('the list counts a movie that it does not show', {
  body: { ...EMPTY, count: 2 },
});

export const OTHER_DAYS = misled('the list is of other days than asked for', {
  body: { ...EMPTY, from: '2020-01-01T00:00:00.000Z' },
});

export const TEXT_DATA = overHttp({
  name: 'the reply to the POST is lost, and the list has client-data as text',
  // No look before the movie is there.
  fake: { faults: [LOSE_REPLY, { match: { call: 'list' }, effect: { kind: 'status', code: 503 } }] },
  happens: async (fake) => {
    await isAccepted(fake);
    const [movie] = fake.movies({ key: KEY });
    const marked = withMark(CARD, { key: KEY, fingerprint: FINGERPRINT, namespace: 'default' });
    const listed = { project: movie?.project, 'client-data': JSON.stringify(marked['client-data']) };
    fake.clearFaults();
    const text = JSON.stringify({ ...EMPTY, movies: [...EMPTY.movies, listed] });
    fake.fault({ match: { call: 'list' }, effect: { kind: 'body', text } });
  },
});

/** Starts a proxy that opens tunnels. */
async function startProxy(): Promise<{ readonly url: URL; readonly close: () => void }> {
  const server = createServer();
  server.on('connect', (request, socket) => {
    const target = new URL(`http://${request.url}`);
    const tunnel = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(tunnel).pipe(socket);
    });
    for (const [one, other] of [
      [socket, tunnel],
      [tunnel, socket],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: new URL(`http://127.0.0.1:${port}`), close: () => void server.close() };
}

export const REFUSED_IN_TUNNEL: ControlScenario = {
  name: 'the engine refuses its go-ahead to a POST through a proxy',
  play: async ({ dist }) => {
    const { postMovie } = await load<typeof Post>(dist, 'json2video/post-movie.js');
    const [fake, proxy] = await Promise.all([startFakeJson2Video({ cache: false }), startProxy()]);
    try {
      await postMovie({
        url: new URL('/v2/movies', fake.url),
        headers: { 'x-api-key': fake.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(CARD),
        proxy: { url: proxy.url, variable: 'HTTP_PROXY' },
        connectTimeoutMs: 5_000,
        replyTimeoutMs: () => 5_000,
        fence: async () => {
          await sleep(100);
          throw new Error('the attempt is over');
        },
        mayBegin: () => true,
        now: Date.now,
      });
      const paid = fake.movies().length;
      const what = `paid ${paid} times without the go-ahead of the engine`;
      return { observed: [], fired: {}, left: [], unexpected: paid === 0 ? [] : [{ rule: 'safety', what }] };
    } finally {
      proxy.close();
      await fake.close();
    }
  },
};
