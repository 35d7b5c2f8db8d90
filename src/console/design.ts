import { RENDER_STATES, STATE_MEANINGS } from '../render/state.js';
import { type ConsoleContext, visitOf } from './context.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { badge, command, facts, notice, time } from './parts.js';
import { progress } from './render/video-view.js';
import { sendPage } from './send-page.js';

const COLOURS = [
  'ground',
  'card',
  'ink',
  'soft',
  'line',
  'main',
  'main-ink',
  'good',
  'bad',
  'warn',
  'info',
  'calm',
];
const SPACES = ['1', '2', '3', '4', '6'];
const SAMPLE_TIME = '2026-11-29T12:00:00Z';

/** Adds the page that shows the tokens and the parts of which all pages are made. */
export function addDesignPage({ app }: ConsoleContext): void {
  app.get('/design', async (request, reply) =>
    sendPage(reply, layout(visitOf(request), { title: 'Design', body: designView() })),
  );
}

function designView(): Html {
  const colours = COLOURS.map(
    (name) => html`<li><span class="swatch c-${name}"></span><code>--${name}</code></li>`,
  );
  const spaces = SPACES.map(
    (name) => html`<li><span class="space s-${name}"></span><code>--s${name}</code></li>`,
  );
  const states = RENDER_STATES.map(
    (state) =>
      html`<div>
        <dt>${badge(state)}</dt>
        <dd>${STATE_MEANINGS[state]}</dd>
      </div>`,
  );
  return html`<h1>Design</h1>
    <section class="card" aria-labelledby="d-colours">
      <h2 id="d-colours">Colours</h2>
      <p>Each has a light and a dark value; the system chooses.</p>
      <ul class="swatches">
        ${colours}
      </ul>
    </section>
    <section class="card" aria-labelledby="d-spaces">
      <h2 id="d-spaces">Spaces</h2>
      <ul class="swatches">
        ${spaces}
      </ul>
    </section>
    <section class="card" aria-labelledby="d-states">
      <h2 id="d-states">States</h2>
      <dl class="facts wide">${states}</dl>
    </section>
    ${partsCard()}`;
}

function partsCard(): Html {
  return html`<section class="card" aria-labelledby="d-parts">
    <h2 id="d-parts">Parts</h2>
    ${notice('good', html`<p>Something is well.</p>`)}${notice('info', html`<p>Something to know.</p>`)}${notice('bad', html`<p><strong>Something failed.</strong> And this is the next step.</p>`)}
    <div class="buttons">
      <button type="button" class="main">Main</button><button type="button">Usual</button
      ><button type="button" class="quiet">Quiet</button
      ><button type="button" class="danger">Dangerous</button>
    </div>
    <label for="d-field">A field</label><input id="d-field" value="a text" />
    <p class="hint">A hint says what a field means.</p>
    ${progress('running 42 %: Rendering movie')}
    ${facts([
      ['A fact', 'its value'],
      ['A time', time(SAMPLE_TIME)],
    ])}
    ${command('renderonce status order-1042')}
  </section>`;
}
