import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../http/api.js';
import type { VideoFiles } from '../json2video/video-files.js';
import { Refusal } from '../http/refusal.js';
import type { Caller } from '../http/caller.js';
import type { Token } from '../http/tokens.js';
import { isJsonObject } from '../text/json.js';
import type { Visit } from './visit.js';

/** Options of the console. */
export interface ConsoleOptions {
  /** The tokens of the server; without any there is no sign-in. */
  readonly tokens: readonly Token[];
  /** The provider's files, which the console passes on, so that a browser asks no other host. */
  readonly files: Pick<VideoFiles, 'open'>;
}

/** Everything that the pages use. */
export interface ConsoleContext extends ApiDependencies, ConsoleOptions {
  readonly app: FastifyInstance;
}

/** Returns the visit of a request to a page that needs a right. */
export function visitOf({ visit }: FastifyRequest): Visit & { readonly caller: Caller } {
  const caller = visit?.caller;
  if (visit === undefined || caller === undefined) throw new Refusal('TokenInvalid', 'nobody is signed in');
  return { ...visit, caller };
}

/** Returns a field of a form or of a query, without white space around it; empty if there is none. */
export function fieldOf(fields: unknown, name: string): string {
  const value = isJsonObject(fields) ? fields[name] : undefined;
  return typeof value === 'string' ? value.trim() : '';
}
