import type { z } from 'zod';
import type { budgetSchema } from '../../http/routes/budgets.js';
import type { QuotedCost } from '../../starter/quoted-costs.js';
import type { Statement } from '../../starter/statement.js';
import { html, type Html, type Part } from '../html.js';
import { command, facts, time } from '../parts.js';
import { plotBudgets, plotDays, plotQuotes } from './plots.js';

type Budget = z.output<typeof budgetSchema>;

/** Everything that the page of credits shows. */
interface Credits {
  /** First day, in UTC. */
  readonly since: string;
  readonly today: string;
  readonly byDay: Statement;
  readonly byBudget: Statement;
  readonly byTemplate: Statement;
  readonly budgets: readonly Budget[];
  readonly costs: readonly QuotedCost[];
}

/** Shows what was spent, on what, and how it compares with quotes and limits. */
export function creditsView({ since, today, byDay, byBudget, byTemplate, budgets, costs }: Credits): Html {
  return html`<h1>Credits</h1>
    <form class="filters" method="get" action="/credits">
      <div>
        <label for="since">Since</label
        ><input id="since" name="since" type="date" value="${since}" max="${today}" />
      </div>
      <button>Show</button>
    </form>
    <div class="columns even">${daysSection({ since, today, byDay })} ${quotesSection(costs)}</div>
    ${
      budgets.length > 0 &&
      html`<section class="card" aria-labelledby="budgets">
        <h2 id="budgets">Budgets</h2>
        ${budgets.map(budgetOf)}
      </section>`
    }
    <div class="columns even">
      <section class="card" aria-labelledby="by-budget">
        <h2 id="by-budget">By budget</h2>
        ${byBudget.rows.some(({ name }) => name !== '') && plotBudgets(byBudget.rows)}
        ${table('Budget', byBudget.rows)}
      </section>
      <section class="card" aria-labelledby="by-template">
        <h2 id="by-template">By template</h2>
        ${table('Template', byTemplate.rows)}
      </section>
    </div>`;
}

function daysSection({ since, today, byDay }: Pick<Credits, 'since' | 'today' | 'byDay'>): Html {
  const days = byDay.rows.map(({ name, credits }) => ({ day: name, credits }));
  return html`<section class="card" aria-labelledby="days">
    <h2 id="days">
      ${byDay.credits} credits, ${byDay.renders} ${byDay.renders === 1 ? 'render' : 'renders'}
    </h2>
    ${plotDays(days, since, today)}
    <details>
      <summary>Numbers</summary>
      ${table('Day (UTC)', byDay.rows)}
    </details>
    ${command(`renderonce credits --since ${since}T00:00:00Z --by day`)}
  </section>`;
}

function table(what: string, rows: Statement['rows']): Part {
  if (rows.length === 0) return html`<p class="hint">Nothing was spent.</p>`;
  const lines = rows.map(
    ({ name, credits, renders }) =>
      html`<tr>
        <th scope="row">${name === '' ? 'none' : name}</th>
        <td>${credits}</td>
        <td>${renders}</td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${what}</th>
          <th scope="col">Credits</th>
          <th scope="col">Renders</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

function budgetOf({
  name,
  limit,
  per,
  window,
  posted,
  reserved,
  inDoubt,
  left,
  overrun,
  reached,
}: Budget): Html {
  const used = posted + reserved + inDoubt;
  return html`<div class="budget">
    <h3>
      ${name}${reached.limit ? html` <span class="badge undelivered">limit reached</span>` : reached.soft && html` <span class="badge waiting">soft limit reached</span>`}
    </h3>
    <meter
      min="0"
      max="${Math.max(limit, 1)}"
      high="${limit * 0.8}"
      value="${Math.min(used, limit)}"
      aria-label="Used credits of ${name}"
    >
      ${used} of ${limit}
    </meter>
    ${facts([
      ['Limit', `${limit} credits ${per === 'total' ? 'in total' : `per ${per}`}`],
      ['Spent', posted],
      ['Reserved', reserved],
      ['In doubt', inDoubt],
      ['Left', left],
      ['Overrun', overrun > 0 && overrun],
      ['Window ends', window.end !== null && time(window.end)],
    ])}
  </div>`;
}

function quotesSection(costs: readonly QuotedCost[]): Html {
  const sum = (of: 'quoted' | 'actual'): number => costs.reduce((all, cost) => all + cost[of], 0);
  return html`<section class="card" aria-labelledby="quotes">
    <h2 id="quotes">Quote against cost</h2>
    ${
      costs.length === 0
        ? html`<p class="hint">No render with a known price has ended.</p>`
        : html`<p>
              ${costs.length === 1 ? 'The last render was' : `The last ${costs.length} renders were`} quoted
              ${sum('quoted')} credits and cost ${sum('actual')}. On the line both are equal.
            </p>
            ${plotQuotes(costs)}`
    }
  </section>`;
}
