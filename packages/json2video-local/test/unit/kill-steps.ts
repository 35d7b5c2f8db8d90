import * as fc from 'fast-check';
import { z } from 'zod';

import { exportsTo, type Receiver } from './receiver.js';
import { call, movieOf } from './support.js';

/** One request to a server. */
export type Step =
  | { kind: 'submit'; key: string; seconds: number; withWebhook: boolean; template: number | undefined }
  | { kind: 'read'; what: 'status' | 'list' | 'templates' | 'file'; nth: number }
  | { kind: 'poll'; nth: number }
  | { kind: 'delete'; nth: number }
  | { kind: 'template'; nth: number | undefined; name: string }
  | { kind: 'switch'; cachedCost: 'free' | 'full'; cachedUrl: 'same' | 'new' | 'near-expiry' }
  | { kind: 'advance'; seconds: number }
  | { kind: 'buy'; credits: number };

const nth = fc.nat(4);
const kind = <K extends string>(name: K): { kind: fc.Arbitrary<K> } => ({ kind: fc.constant(name) });

/** Any step. */
export const stepOf: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ...kind('submit'),
      key: fc.constantFrom('a', 'b', 'c'),
      seconds: fc.constantFrom(2, 5, 30),
      withWebhook: fc.boolean(),
      template: fc.option(nth, { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...kind('read'),
      what: fc.constantFrom('list' as const, 'templates' as const, 'file' as const),
      nth,
    }),
  },
  { weight: 3, arbitrary: fc.record({ ...kind('poll'), nth }) },
  { weight: 1, arbitrary: fc.record({ ...kind('delete'), nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...kind('template'),
      nth: fc.option(nth, { nil: undefined }),
      name: fc.constantFrom('x', 'y'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...kind('switch'),
      cachedCost: fc.constantFrom('free' as const, 'full' as const),
      cachedUrl: fc.constantFrom('same' as const, 'new' as const, 'near-expiry' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ ...kind('advance'), seconds: fc.constantFrom(1, 10, 90) }) },
  { weight: 1, arbitrary: fc.record({ ...kind('buy'), credits: fc.integer({ min: 1, max: 60 }) }) },
);

const TEMPLATES = z.object({ templates: z.array(z.object({ id: z.string() })) });
const MOVIES = z.object({ movies: z.array(z.object({ project: z.string() })) });
const NO_PROJECT = 'AAAAAAAAAAAAAAAA';

async function templateAt(server: { url: string }, index: number): Promise<string> {
  return TEMPLATES.parse((await call(server, '/v2/templates')).json).templates[index]?.id ?? 'none';
}

async function projectAt(server: { url: string }, index: number): Promise<string> {
  return MOVIES.parse((await call(server, '/_fake/movies')).json).movies[index]?.project ?? NO_PROJECT;
}

interface Answered {
  readonly code: number;
  readonly text: string;
}

/** Takes the step; returns the answer without what differs between two servers: their addresses. */
export async function take(server: { url: string }, step: Step, receiver: Receiver): Promise<Answered> {
  const { code, text } = await asked(server, step, receiver);
  return { code, text: text.replaceAll(server.url, 'URL').replaceAll(receiver.url, 'HOOK') };
}

async function asked(server: { url: string }, step: Step, receiver: Receiver): Promise<Answered> {
  const send = (path: string, body: unknown) => call(server, path, { method: 'POST', body });
  switch (step.kind) {
    case 'submit': {
      const more = step.withWebhook ? exportsTo(receiver.url) : {};
      const template = step.template === undefined ? undefined : await templateAt(server, step.template);
      const movie = template === undefined ? movieOf(step.key, step.seconds, more) : { template, ...more };
      return send('/v2/movies', movie);
    }
    case 'read':
      return read(server, step.what, step.nth);
    case 'poll':
      return call(server, `/v2/movies?project=${await projectAt(server, step.nth)}`);
    case 'delete':
      return call(server, `/v2/movies?project=${await projectAt(server, step.nth)}`, { method: 'DELETE' });
    case 'template': {
      const movie = { scenes: [{ duration: 3, elements: [{ type: 'text', text: step.name }] }] };
      const id = step.nth === undefined ? '' : `?id=${await templateAt(server, step.nth)}`;
      return send(`/v2/templates${id}`, { name: step.name, movie });
    }
    case 'switch':
      return send('/_fake/switches', { cachedCost: step.cachedCost, cachedUrl: step.cachedUrl });
    case 'advance':
      return send('/_fake/clock', { advanceSeconds: step.seconds });
    case 'buy':
      return send('/_fake/credits', { add: step.credits });
  }
}

const URL_OF = z.object({ movies: z.array(z.object({ url: z.string().nullable() })) });

async function read(server: { url: string }, what: string, index: number): Promise<Answered> {
  const list = await call(server, '/v2/movies');
  if (what === 'list') return list;
  if (what === 'templates') return call(server, '/v2/templates');
  const url = URL_OF.parse(list.json).movies[index]?.url;
  return url === undefined || url === null ? list : call(server, url.slice(server.url.length));
}
