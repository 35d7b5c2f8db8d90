import { allows, type Caller } from '../../http/caller.js';
import { undeliveredOf } from '../../starter/deliveries.js';
import { shellWord } from '../../text/shell-word.js';
import { html, type Html, type Part } from '../html.js';
import { badge, command, facts, form, renderPath, size, time } from '../parts.js';
import type { Visit } from '../visit.js';
import { decisionForm } from './decide-view.js';
import type { Shown } from './read.js';
import { storyPart } from './story-view.js';
import { player } from './video-view.js';

/** Longer movies are cut in the page. */
const MOVIE_CHARACTERS = 12_000;

/** Shows one render. */
export function renderView(visit: Visit & { readonly caller: Caller }, shown: Shown): Html {
  const { key, view, story } = shown;
  const decision = decisionForm(visit, shown);
  return html`<p class="crumb"><a href="/">Renders</a></p>
    <h1 class="key">${key}</h1>
    <div class="columns">
      <div>
        ${view.state === 'done' && html`<section class="card" aria-label="Video">${player(key)}</section>`}
        ${decision ?? storyPart(key, story)}
      </div>
      <div>
        ${decision !== undefined && storyPart(key, story)} ${factsCard(shown)} ${keptCard(shown)}
        ${eventsCard(visit, shown)} ${cancelCard(visit, shown)} ${movieCard(shown)}
      </div>
    </div>`;
}

function factsCard({ engineKey, view, quote }: Shown): Html {
  const outcome = 'outcome' in view ? view.outcome : undefined;
  const video = outcome?.status === 'done' ? outcome : undefined;
  return html`<section class="card" aria-labelledby="facts">
    <h2 id="facts">Facts</h2>
    ${facts([
      ['Project', view.project !== undefined && html`<code>${view.project}</code>`],
      ['Submissions', view.attempts],
      ['Started', time(view.startedAt)],
      ['Ended', view.closedAt !== undefined && time(view.closedAt)],
      ['Quote', quote !== undefined && `${quote.credits} credits (${quote.bound})`],
      ['Length', typeof video?.durationSeconds === 'number' && `${video.durationSeconds} s`],
      ['Size', typeof video?.sizeBytes === 'number' && size(video.sizeBytes)],
      ['Picture', typeof video?.width === 'number' && `${video.width} × ${video.height ?? '?'}`],
      ['File until', typeof video?.expiresAt === 'string' && time(video.expiresAt)],
    ])}${command(`renderonce status ${shellWord(engineKey)}`)}
  </section>`;
}

function keptCard({ view, story }: Shown): Part {
  const { kept } = view;
  const lost = story.events.find(({ text }) => text.startsWith('the video is lost'));
  if (kept === undefined)
    return (
      lost &&
      html`<section class="card" aria-labelledby="kept">
        <h2 id="kept">Copy ${badge('lost')}</h2>
        <p>${lost.text}</p>
      </section>`
    );
  return html`<section class="card" aria-labelledby="kept">
    <h2 id="kept">Copy ${badge('kept')}</h2>
    ${facts([
      ['Kept', time(kept.keptAt)],
      ['Size', size(kept.sizeBytes)],
    ])}
    ${facts(
      [
        ['Place', html`<code>${kept.store}</code>`],
        ['SHA-256', html`<code>${kept.sha256}</code>`],
      ],
      'wide',
    )}
  </section>`;
}

function eventsCard(visit: Visit & { readonly caller: Caller }, { key, engineKey, deliveries }: Shown): Part {
  if (deliveries.length === 0) return undefined;
  const isOpen = undeliveredOf(deliveries).length > 0;
  const items = deliveries.map(
    ({ type, to, state, at, attempts, status, message, isReplay }) =>
      html`<li>
        <p>${badge(state)} <strong>${type}</strong> to ${receiverOf(to)}</p>
        <p class="sub">
          ${time(at)}${isReplay && ', sent again'}${attempts !== undefined && `, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`}${status !== undefined && `, HTTP ${status}`}
        </p>
        ${message !== undefined && html`<p class="said">${message}</p>`}
      </li>`,
  );
  const replay = html`<button class="${isOpen ? 'main' : 'quiet'}">Send again</button>
    <p class="hint">With the same ID, so that the receiver can tell it from a new one.</p>`;
  return html`<section class="card" aria-labelledby="events">
    <h2 id="events">Events</h2>
    <ul class="plain">
      ${items}
    </ul>
    ${allows(visit.caller, 'decide') && form(visit, '/render/replay', { key }, replay)}
    ${command(`renderonce events replay ${shellWord(engineKey)}`)}
  </section>`;
}

/** An address that a tool handed out may be a secret of its own: its host says enough. */
function receiverOf(to: string): string {
  return URL.canParse(to) ? `an address at ${new URL(to).host}` : to;
}

function cancelCard(visit: Visit & { readonly caller: Caller }, { key, engineKey, view }: Shown): Part {
  if (view.closedAt !== undefined) return undefined;
  const effect =
    view.project === undefined
      ? 'If the movie was not sent yet, nothing is sent and the key stays free.'
      : 'The provider has no cancel: it still renders the project, and its credits are spent. The key then ends as cancelled.';
  const button = html`<p>${effect}</p>
    <button class="danger">Cancel ${key}</button>`;
  return html`<section class="card" aria-labelledby="cancel">
    <h2 id="cancel">Cancel</h2>
    ${
      allows(visit.caller, 'submit') &&
      html`<details>
        <summary>Cancel this render…</summary>
        ${form(visit, '/render/cancel', { key }, button)}
      </details>`
    }
    ${command(`renderonce cancel ${shellWord(engineKey)}`)}
  </section>`;
}

function movieCard({ key, movie }: Shown): Html {
  if (movie === undefined) return html``;
  const text = JSON.stringify(movie, undefined, 2);
  const isCut = text.length > MOVIE_CHARACTERS;
  return html`<section class="card" aria-labelledby="movie">
    <h2 id="movie">Movie</h2>
    <details>
      <summary>JSON, ${size(Buffer.byteLength(text))}</summary>
      <pre tabindex="0"><code>${isCut ? text.slice(0, MOVIE_CHARACTERS) : text}</code></pre>
    </details>
    <p>${isCut && 'The page shows its begin. '}<a href="${renderPath(key, '/movie')}">Whole movie</a></p>
  </section>`;
}
