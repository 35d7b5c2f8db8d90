import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

import { Exchange } from '../http/exchange.js';
import { MAX_CONTROL_BYTES } from '../limits.js';

/** A control request that cannot be served; the message says why. */
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

/** @throws ControlProblem if there is no JSON in it */
export async function bodyOf(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const body = await new Exchange(request.raw, reply.raw).readBody(MAX_CONTROL_BYTES);
  if (body.kind !== 'text') throw new ControlProblem(413, 'The request body is too large.');
  try {
    return JSON.parse(body.text);
  } catch {
    throw new ControlProblem(400, 'The request body must be JSON.');
  }
}
