import { createHash } from 'node:crypto';
import type { RenderStory } from '../../starter/status.js';
import { STATE_MEANINGS } from '../../render/state.js';
import { html, type Html } from '../html.js';
import { badge, time } from '../parts.js';
import { progress } from './video-view.js';

const SEEN_CHARACTERS = 16;
/** Older lines are left out of a page; the command `status` has them all. */
const MOST_LINES = 200;

/** Names what a story shows at this moment. */
export function seenOf({ events, next, ...status }: RenderStory): string {
  const hash = createHash('sha256').update(JSON.stringify([status, events, next]));
  return hash.digest('base64url').slice(0, SEEN_CHARACTERS);
}

/** Shows the state and the story of a render, and asks for what is new until the render is closed. */
export function storyPart(key: string, story: RenderStory): Html {
  const { state, events, next, closedAt, providerStatus, message } = story;
  const query = new URLSearchParams({ key, state, seen: seenOf(story) }).toString();
  const live =
    closedAt === undefined &&
    html` hx-get="/render/live?${query}" hx-trigger="every 1s" hx-sync="this:drop" hx-swap="outerHTML"`;
  return html`<section id="story" class="card" aria-labelledby="story-title" ${live}>
    <h2 id="story-title">Story ${badge(state)}</h2>
    <p>${STATE_MEANINGS[state]}</p>
    ${providerStatus !== undefined && progress(providerStatus)}
    ${message !== undefined && html`<p class="said">${message}</p>`} ${storyList(events)}
    ${
      next.length > 0 &&
      html`<h3>What comes next</h3>
        <ul>
          ${next.map((each) => html`<li>${each}</li>`)}
        </ul>`
    }
  </section>`;
}

/** Shows the past of a render. */
export function storyList(events: RenderStory['events']): Html {
  const left = Math.max(events.length - MOST_LINES, 0);
  const lines = events
    .slice(left)
    .map(({ at, text }) => html`<li class="${kindOf(text)}">${time(at)}<span>${text}</span></li>`);
  return html`${left > 0 && html`<p class="hint">${left} older lines are left out.</p>`}
    <ol class="story">
      ${lines}
    </ol>`;
}

/** Submissions, looks and decisions stand out: they are the evidence of a doubt. */
function kindOf(text: string): string {
  if (/^submission \d+:/.test(text)) return 'sent';
  if (/^look \d+ /.test(text)) return 'look';
  return /decides:|the decision /.test(text) ? 'decided' : 'other';
}
