import type { FakeOptions } from '../../src/index.js';
import type { StartInPosition } from './positions.js';
import { startReceiver } from './receiver.js';
import { call, movieOf, submit, until } from './support.js';

export const CLIENT_DATA = { renderonce: { key: 'a' }, order: 1 };
/** A movie that fails, and one that does not; both with a name of their own. */
export const BROKEN = { scenes: [], 'client-data': CLIENT_DATA, id: 'mine' };
export const DONE = movieOf('a', 2.5, { id: 'mine' });

export interface CalledBack {
  /** Of a form: its content type. */
  readonly body: unknown;
  readonly text: string;
  readonly project: string;
  /** As the status reply has them. */
  readonly url: string;
  readonly size: string;
}

/** Renders a movie with one webhook, and returns what was called back. */
export async function calledBack(
  start: StartInPosition,
  movie: object,
  contentType?: string,
  options: FakeOptions = {},
): Promise<CalledBack> {
  const [fake, receiver] = [await start(options), await startReceiver()];
  const type = contentType === undefined ? {} : { 'content-type': contentType };
  const destination = { type: 'webhook', endpoint: receiver.url, ...type };
  const project = await submit(fake, { ...movie, exports: [{ destinations: [destination] }] });
  fake.advance(60);
  await until(() => receiver.received.length === 1);
  const [received] = receiver.received;
  const text = received?.text ?? '';
  const body: unknown =
    received?.contentType === 'application/json' ? JSON.parse(text) : received?.contentType;
  const { text: shown } = await call(fake, `/v2/movies?project=${project}`);
  const [, url = ''] = /"url":"([^"]+)"/.exec(shown) ?? [];
  const [, size = '0'] = /"size":(\d+)/.exec(shown) ?? [];
  return { body, text, project, url, size };
}

/** The callback's flat shape, P1. */
export const flat = ({ project, url, size }: CalledBack): object => ({
  width: '640',
  height: '360',
  duration: '2.5',
  size,
  url,
  project,
  id: 'mine',
  'client-data': CLIENT_DATA,
});
