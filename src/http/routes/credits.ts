import { z } from 'zod';
import { readStatement, STATEMENT_GROUPS } from '../../starter/statement.js';
import { type Api, type ApiDependencies, callerOf, problems } from '../api.js';

const querystring = z.strictObject({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Only renders that ended at this time or later; by default this month, UTC'),
  by: z.enum(STATEMENT_GROUPS).default('day'),
});

const time = z.string().meta({ format: 'date-time' });
/** Credits that ended renders have cost. */
const statementSchema = z
  .object({
    since: time,
    until: time,
    by: z.enum(STATEMENT_GROUPS),
    credits: z.number(),
    renders: z.number().int(),
    rows: z.array(z.object({ name: z.string(), credits: z.number(), renders: z.number().int() })),
  })
  .meta({ id: 'Statement' });

const GET = {
  config: { scope: 'read' },
  schema: {
    operationId: 'readCredits',
    summary: 'Tell what ended renders have cost',
    querystring,
    response: { 200: statementSchema, ...problems() },
  },
} as const;

/** Adds the route of the statement. A tenant sees its own renders. */
export function addCreditsRoute(api: Api, { client }: ApiDependencies): void {
  api.get('/v1/credits', GET, async (request, reply) => {
    const { tenant } = callerOf(request);
    const { since, by } = request.query;
    const now = new Date();
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    const keyPrefix = tenant === undefined ? undefined : `${tenant}:`;
    const from = since === undefined ? month : new Date(since);
    const { rows, ...sums } = await readStatement(client, { since: from, by, keyPrefix, now });
    return reply.send({ ...sums, rows: [...rows] });
  });
}
