import type { FastifyRequest } from 'fastify';
import { EndedMemory } from '../../starter/ended-memory.js';
import { readQuotedCosts } from '../../starter/quoted-costs.js';
import { type StatementGroup, statementOf } from '../../starter/statement.js';
import { DAY_MS } from '../../text/time.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import type { Html } from '../html.js';
import { layout } from '../layout.js';
import { sendSlowPage } from '../send-page.js';
import { readBudgets } from './read.js';
import { creditsView } from './view.js';

/** The page shows so many days, unless its form says otherwise. */
const DAYS = 30;
/** A plot of more days has bars that nobody sees. */
const MOST_DAYS = 370;
/** Renders whose quote is compared with their cost. */
const COMPARED = 60;
/** Tenants whose ended runs are remembered at a time. */
const MOST_MEMORIES = 10;

/** Adds the page of credits. */
export function addCreditsPage(context: ConsoleContext): void {
  const memoryOf = memories(context);
  context.app.get('/credits', async (request, reply) => {
    const visit = visitOf(request);
    const content = readCredits(context, request, memoryOf(visit.caller.tenant));
    const frame = (body: Html) => layout(visit, { title: 'Credits', at: '/credits', body });
    return sendSlowPage(reply, frame, content);
  });
}

/** Returns what finds the memory of a tenant; without one there is a memory of all. */
function memories({ client }: ConsoleContext): (tenant: string | undefined) => EndedMemory {
  const known = new Map<string | undefined, EndedMemory>();
  return (tenant) => {
    const keyPrefix = tenant === undefined ? undefined : `${tenant}:`;
    const memory = known.get(tenant) ?? new EndedMemory(client, { keyPrefix });
    known.delete(tenant);
    known.set(tenant, memory);
    const [eldest] = known.keys();
    if (known.size > MOST_MEMORIES) known.delete(eldest);
    return memory;
  };
}

async function readCredits(
  context: ConsoleContext,
  request: FastifyRequest,
  memory: EndedMemory,
): Promise<Html> {
  const now = Date.now();
  const since = sinceOf(fieldOf(request.query, 'since'), now);
  const [runs, budgets] = await Promise.all([memory.read(new Date(since)), readBudgets(context, request)]);
  const costs = await readQuotedCosts(context.client, runs.slice(0, COMPARED));
  const by = (group: StatementGroup) =>
    statementOf(runs, { since: new Date(since), by: group, now: new Date(now) });
  return creditsView({
    since,
    today: dayOf(now),
    byDay: by('day'),
    byBudget: by('budget'),
    byTemplate: by('template'),
    budgets,
    costs,
  });
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

function sinceOf(given: string, now: number): string {
  const asked = /^\d{4}-\d\d-\d\d$/.test(given) ? Date.parse(given) : Number.NaN;
  const usual = now - (DAYS - 1) * DAY_MS;
  return dayOf(Number.isNaN(asked) ? usual : Math.min(Math.max(asked, now - MOST_DAYS * DAY_MS), now));
}
