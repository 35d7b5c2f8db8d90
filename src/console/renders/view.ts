import { RENDER_STATES } from '../../render/state.js';
import { html, type Html, type Part } from '../html.js';
import { badge, command, renderPath, time } from '../parts.js';
import { progress, thumbnail } from '../render/video-view.js';
import { queryOf, type Row, type Wanted } from './find.js';

/** Shows the form that filters the list. */
export function filters({ text, state, since, until }: Wanted): Html {
  const options = RENDER_STATES.map(
    (each) => html`<option value="${each}" ${each === state && html` selected`}>${each}</option>`,
  );
  return html`<form class="filters" method="get" action="/" role="search">
    <div class="grow">
      <label for="q">Key or project</label
      ><input
        id="q"
        name="q"
        type="search"
        value="${text}"
        maxlength="200"
        placeholder="order-1042"
        spellcheck="false"
      />
    </div>
    <div>
      <label for="state">State</label
      ><select id="state" name="state">
        <option value="">all</option>
        ${options}
      </select>
    </div>
    <div><label for="since">From</label><input id="since" name="since" type="date" value="${since}" /></div>
    <div><label for="until">To</label><input id="until" name="until" type="date" value="${until}" /></div>
    <button>Filter</button>
  </form>`;
}

/** Shows the rows, and asks for newer ones every few seconds; `seen` names these. */
export function rowsPart(wanted: Wanted, rows: readonly Row[], next: string | undefined, seen: string): Html {
  const more = { ...wanted, cursor: next ?? '' };
  const again = `/?${queryOf(wanted)}&${new URLSearchParams({ part: 'rows', seen }).toString()}`;
  return html`<section
    id="rows"
    aria-label="Renders"
    hx-get="${again}"
    hx-trigger="every 4s"
    hx-sync="this:drop"
    hx-swap="outerHTML"
  >
    ${
      rows.length === 0
        ? nothing(wanted)
        : html`<ul class="rows">
            ${rows.map(rowOf)}
          </ul>`
    }
    ${next !== undefined && html`<p class="more"><a class="button quiet" href="/?${queryOf(more)}">Older renders</a></p>`}
  </section>`;
}

function rowOf({ key, state, project, startedAt, closedAt, progress: said }: Row): Html {
  const id = `k-${Buffer.from(key).toString('base64url')}`;
  return html`<li>
    <div class="thumb">${state === 'done' && thumbnail(key)}</div>
    <div class="name">
      <a id="${id}" href="${renderPath(key)}">${key}</a>
      <p class="sub">${project === undefined ? 'no project yet' : html`project <code>${project}</code>`}</p>
    </div>
    <div class="state">${badge(state)}${said !== undefined && progress(said)}</div>
    <div class="times">
      <p>started ${time(startedAt)}</p>
      ${closedAt !== undefined && html`<p>ended ${time(closedAt)}</p>`}
    </div>
  </li>`;
}

function nothing(wanted: Wanted): Part {
  if (queryOf(wanted) !== '') return html`<p class="empty">No render matches. <a href="/">Show all</a></p>`;
  return html`<div class="empty">
    <p>No render yet. <a href="/try">Try a movie</a>, or submit one from a shell:</p>
    ${command('renderonce submit order-1042 movie.json --wait')}
  </div>`;
}
