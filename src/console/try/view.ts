import type { z } from 'zod';
import type { checkSchema, ProblemDetails } from '../../http/schemas.js';
import { allows, type Caller } from '../../http/caller.js';
import { shellWord } from '../../text/shell-word.js';
import { html, type Html, type Part } from '../html.js';
import { command, form, notice } from '../parts.js';
import { problemNotice } from '../problem-page.js';
import type { Visit } from '../visit.js';

/** What the page shows of a movie. */
export interface Tried {
  readonly movie: string;
  readonly key: string;
  readonly check?: z.output<typeof checkSchema> | undefined;
  readonly problem?: ProblemDetails;
}

type Quote = NonNullable<NonNullable<Tried['check']>['quote']>;

/** What the bound of a quote means, in a word before the credits and in a sentence. */
const BOUNDS: Readonly<Record<Quote['bound'], readonly [word: string, meaning: string]>> = {
  exact: ['', 'The provider charges exactly this.'],
  estimate: ['at most', 'The provider may charge less: an asset that it has already is free.'],
  unknown: ['at least', 'The provider may charge more: only the render knows a length or a price.'],
};

/** Shows the form with a movie, and what was found out about it. */
export function tryView(
  visit: Visit & { readonly caller: Caller },
  { movie, key, check, problem }: Tried,
): Html {
  const fields = fieldsOf({ movie, key, check }, allows(visit.caller, 'submit'));
  return html`<h1>Try a movie</h1>
    <div class="columns">
      <div>
        <section class="card" aria-label="Movie">
          ${form(visit, '/try#found', {}, fields)}${shellCommand(visit.caller, key)}
        </section>
      </div>
      <div id="found">
        ${problem !== undefined && problemNotice(problem)}${check !== undefined && findings(check)}
        ${
          check === undefined &&
          problem === undefined &&
          html`<section class="card" aria-label="Help">
            <h2>Nothing is spent by a check</h2>
            <p>
              A check finds faults before the provider does, and names the price. Only
              <strong>Submit</strong> sends the movie.
            </p>
          </section>`
        }
      </div>
    </div>`;
}

/** A tenant's render has another key in the engine and a budget, which only the server adds. */
function shellCommand({ tenant }: Caller, key: string): Part {
  return tenant === undefined && command(`renderonce submit ${shellWord(key)} movie.json --wait`);
}

function fieldsOf({ movie, key, check }: Omit<Tried, 'problem'>, maySubmit: boolean): Html {
  return html`<label for="movie">Movie, as JSON</label>
    <textarea id="movie" name="movie" rows="16" required spellcheck="false" autocomplete="off">
${movie}</textarea>
    <label for="key">Key</label
    ><input
      id="key"
      name="key"
      required
      maxlength="200"
      value="${key}"
      spellcheck="false"
      autocomplete="off"
    />
    <p class="hint">
      A movie is rendered, and paid for, once under a key. The same form again finds the same render.
    </p>
    <div class="buttons">
      <button name="do" value="check" class="main">Check and quote</button>
      ${maySubmit && html`<button name="do" value="submit">Submit${check?.quote !== undefined && check.ok && ` for ${BOUNDS[check.quote.bound][0]} ${check.quote.credits} credits`}</button>`}
    </div>
    ${!maySubmit && html`<p class="hint">Your token lacks the scope <code>submit</code>: it checks and quotes only.</p>`}`;
}

function findings({ ok, faults, warnings, quote }: NonNullable<Tried['check']>): Html {
  return html`${
    ok
      ? notice('good', html`<p><strong>No faults.</strong></p>`)
      : notice(
          'bad',
          html`<p><strong>The movie cannot be submitted.</strong></p>
            <ul>
              ${faults.map(({ path, message }) => html`<li>${place(path)}${message}</li>`)}
            </ul>`,
        )
  }
  ${
    warnings.length > 0 &&
    html`<section class="card" aria-labelledby="warnings">
      <h2 id="warnings">Warnings</h2>
      <ul>
        ${warnings.map(({ path, message }) => html`<li>${place(path)}${message}</li>`)}
      </ul>
    </section>`
  }
  ${quote !== undefined && quoteCard(quote)}`;
}

function place(path: string): Part {
  return path !== '' && html`<code>${path}</code> `;
}

function quoteCard({ credits, bound, parts }: Quote): Html {
  const rows = parts.map(
    ({ what, credits: each, path }) =>
      html`<tr>
        <th scope="row">${what}${path !== undefined && html` <code>${path}</code>`}</th>
        <td>${each}</td>
      </tr>`,
  );
  return html`<section class="card" aria-labelledby="quote">
    <h2 id="quote">Quote</h2>
    <p class="price"><strong>${credits}</strong> credits <span class="badge ${bound}">${bound}</span></p>
    <p>${BOUNDS[bound][1]}</p>
    ${
      rows.length > 0 &&
      html`<div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">For</th>
              <th scope="col">Credits</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`
    }
  </section>`;
}
