import { readEndedRuns } from '../../starter/ended-runs.js';
import { readQuotedCosts } from '../../starter/quoted-costs.js';
import { type StatementGroup, statementOf } from '../../starter/statement.js';
import { DAY_MS } from '../../text/time.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { layout } from '../layout.js';
import { sendPage } from '../send-page.js';
import { readBudgets } from './read.js';
import { creditsView } from './view.js';

/** The page shows so many days, unless its form says otherwise. */
const DAYS = 30;
/** A plot of more days has bars that nobody sees. */
const MOST_DAYS = 370;
/** Renders whose quote is compared with their cost. */
const COMPARED = 60;

/** Adds the page of credits. */
export function addCreditsPage(context: ConsoleContext): void {
  const { app, client } = context;
  app.get('/credits', async (request, reply) => {
    const visit = visitOf(request);
    const { tenant } = visit.caller;
    const now = Date.now();
    const since = sinceOf(fieldOf(request.query, 'since'), now);
    const keyPrefix = tenant === undefined ? undefined : `${tenant}:`;
    const [runs, budgets] = await Promise.all([
      readEndedRuns(client, { since: new Date(since), keyPrefix }),
      readBudgets(context, request),
    ]);
    const costs = await readQuotedCosts(client, runs.slice(0, COMPARED));
    const by = (group: StatementGroup) =>
      statementOf(runs, { since: new Date(since), by: group, now: new Date(now) });
    const body = creditsView({
      since,
      today: dayOf(now),
      byDay: by('day'),
      byBudget: by('budget'),
      byTemplate: by('template'),
      budgets,
      costs,
    });
    return sendPage(reply, layout(visit, { title: 'Credits', at: '/credits', body }));
  });
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

function sinceOf(given: string, now: number): string {
  const asked = /^\d{4}-\d\d-\d\d$/.test(given) ? Date.parse(given) : Number.NaN;
  const usual = now - (DAYS - 1) * DAY_MS;
  return dayOf(Number.isNaN(asked) ? usual : Math.min(Math.max(asked, now - MOST_DAYS * DAY_MS), now));
}
