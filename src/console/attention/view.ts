import { allows, type Caller } from '../../http/caller.js';
import { STATE_MEANINGS } from '../../render/state.js';
import { shellWord } from '../../text/shell-word.js';
import { html, type Html, type Part } from '../html.js';
import { badge, command, form, renderPath, time } from '../parts.js';
import type { Visit } from '../visit.js';
import type { Attention } from './find.js';

type Inside = Visit & { readonly caller: Caller };

/** Shows everything that waits for a person, what is dearest first. */
export function attentionView(visit: Inside, found: Attention): Html {
  const { held, unknown, waiting, undelivered, lost, budgets } = found;
  const { tenant } = visit.caller;
  const list = `renderonce list${tenant === undefined ? '' : ` --key-prefix ${shellWord(`${tenant}:`)}`}`;
  const sections: readonly Part[] = [
    rendersIn('held', held, list),
    undeliveredSection(visit, undelivered),
    lostSection(lost, list),
    budgetSection(budgets),
    rendersIn('unknown', unknown, list),
    rendersIn('waiting', waiting, list),
  ];
  const isQuiet = sections.every((section) => section === undefined);
  return html`<h1>Attention</h1>
    ${isQuiet ? html`<p class="empty">Nothing waits for a person.</p>` : sections}`;
}

function rendersIn(state: 'held' | 'unknown' | 'waiting', renders: Attention['held'], list: string): Part {
  if (renders.length === 0) return undefined;
  const rows = renders.map(
    ({ key, startedAt }) =>
      html`<li><a href="${renderPath(key)}">${key}</a><span class="sub">since ${time(startedAt)}</span></li>`,
  );
  return html`<section class="card">
    <h2>${badge(state)} ${renders.length}</h2>
    <p>${STATE_MEANINGS[state]}</p>
    <ul class="lines">
      ${rows}
    </ul>
    ${command(`${list} --state ${state}`)}
  </section>`;
}

function undeliveredSection(visit: Inside, list: Attention['undelivered']): Part {
  if (list.length === 0) return undefined;
  const rows = list.map(
    ({ key, deliveries }) =>
      html`<li>
        <div>
          <a href="${renderPath(key)}">${key}</a>${deliveries.map(
            ({ type, attempts, message }) =>
              html`<p class="sub">
                ${type}${attempts !== undefined && `, ${attempts} attempts`}${message !== undefined && `: ${message}`}
              </p>`,
          )}
        </div>
        ${allows(visit.caller, 'decide') && form(visit, '/render/replay', { key }, html`<button class="quiet">Send again<span class="unseen"> the events of ${key}</span></button>`)}
      </li>`,
  );
  const first = list[0]?.engineKey ?? '';
  return html`<section class="card">
    <h2>${badge('undelivered')} ${list.length}</h2>
    <p>A receiver did not take the event of these renders.</p>
    <ul class="lines">
      ${rows}
    </ul>
    ${command(`renderonce events replay ${shellWord(first)}`)}
  </section>`;
}

function lostSection(keys: readonly string[], list: string): Part {
  if (keys.length === 0) return undefined;
  const rows = keys.map((key) => html`<li><a href="${renderPath(key)}">${key}</a></li>`);
  return html`<section class="card">
    <h2>${badge('lost')} ${keys.length}</h2>
    <p>The video was not copied before the provider deleted it.</p>
    <ul class="lines">
      ${rows}
    </ul>
    ${command(`${list} --kept lost`)}
  </section>`;
}

function budgetSection(budgets: Attention['budgets']): Part {
  if (budgets.length === 0) return undefined;
  const rows = budgets.map(
    ({ name, left, limit, per, window }) =>
      html`<li>
        <a href="/credits">${name}</a
        ><span class="sub"
          >${left} of ${limit} credits left${per !== 'total' && html`, until ${time(window.end)}`}</span
        >
      </li>`,
  );
  return html`<section class="card">
    <h2>Budgets near their limit</h2>
    <ul class="lines">
      ${rows}
    </ul>
    ${command(`renderonce budget show ${shellWord(budgets[0]?.name ?? '')}`)}
  </section>`;
}
