import type { ServerResponse } from 'node:http';

import type { z } from 'zod';

import { Exchange } from '../http/exchange.js';
import { jsonReply } from '../http/reply.js';
import type { Incoming } from '../http/router.js';

/** Body of a control request, bytes. Generous: a fault rule may carry a whole reply body. */
const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

/** A control request that cannot be served; the message gives the reason. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws ControlProblem naming the field */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ControlProblem(
    400,
    `"${issue?.path.join('.') ?? ''}" is not usable: ${issue?.message ?? 'invalid'}.`,
  );
}

/** Reads the JSON body of a control request. @throws ControlProblem if there is none */
export async function bodyOf({ request, response }: Incoming): Promise<unknown> {
  const body = await new Exchange(request, response).readBody(MAX_CONTROL_BYTES);
  if (body.kind !== 'text') throw new ControlProblem(413, 'The request body is too large.');
  try {
    return JSON.parse(body.text);
  } catch {
    throw new ControlProblem(400, 'The request body must be JSON.');
  }
}

export function sendJson(response: ServerResponse, code: number, value: unknown): void {
  const { headers, body } = jsonReply(code, value);
  response.writeHead(code, { ...headers, 'content-length': String(Buffer.byteLength(body)) }).end(body);
}
