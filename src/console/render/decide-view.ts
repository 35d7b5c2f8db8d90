import { allows, type Caller } from '../../http/caller.js';
import type { DecisionRequest } from '../../render/decision.js';
import { shellWord } from '../../text/shell-word.js';
import { html, type Html, type Part } from '../html.js';
import { command, form, notice, renderPath, time } from '../parts.js';
import type { Visit } from '../visit.js';
import type { Shown } from './read.js';
import { storyList } from './story-view.js';

type Inside = Visit & { readonly caller: Caller };
type Action = DecisionRequest['action'];

const TITLES: Readonly<Record<Action, string>> = {
  adopt: 'Adopt a project',
  resubmit: 'Send the movie again',
  abandon: 'Give the key up',
};

type Forced = 'adopt' | 'resubmit';

/** What a decision does by force only. Each action has a field of its own, so that none is forced by the other's. */
const BY_FORCE: Readonly<Record<Forced, string>> = {
  adopt: 'adopt it although it carries no mark of this key, or cannot be read',
  resubmit: 'send it although nothing proves that it is absent; it may be paid twice',
};

/** Names what a decision costs, in credits of the quote. */
function costOf(action: Action, { quote }: Pick<Shown, 'quote'>): string {
  const credits =
    quote === undefined ? 'the credits of the movie' : `${quote.credits} credits (${quote.bound})`;
  switch (action) {
    case 'adopt':
      return 'Costs nothing more. The project that you name becomes the render of this key.';
    case 'resubmit':
      return `Costs ${credits}. The movie is looked for once more, and sent again if it is absent. If the provider has accepted it after all, you pay for two renders.`;
    case 'abandon':
      return `Costs nothing more. If the provider has accepted the movie, ${credits} are spent for a video that nobody fetches.`;
  }
}

/** Shows the form to decide, while a submission is in doubt. */
export function decisionForm(visit: Inside, shown: Shown): Part {
  const { key, engineKey, story } = shown;
  if (story.decisions.length === 0) return undefined;
  const choices = story.decisions.map(
    ({ action, from }) =>
      html`<div class="choice">
        <label
          ><input type="radio" name="action" value="${action}" required />
          <strong>${TITLES[action]}</strong></label
        >
        <p class="sub">
          ${costOf(action, shown)}${from !== undefined && html` Accepted from ${time(from)} on.`}
        </p>
        ${
          action !== 'abandon' &&
          html`<div class="indent">${action === 'adopt' && projectField()}${forceBox(action)}</div>`
        }
      </div>`,
  );
  const fields = html`<fieldset>
      <legend>What has become of the movie?</legend>
      ${choices}
    </fieldset>
    ${signature(visit.caller.name ?? '')}
    <button class="main">Go on</button>
    <p class="hint">The next page names the consequence. Nothing is decided before it.</p>`;
  const mayDecide = allows(visit.caller, 'decide');
  return html`<section class="card decide" aria-labelledby="decide">
    <h2 id="decide">Decide</h2>
    <p>
      The movie may have been accepted, and nothing is sent meanwhile. The story has the evidence: what was
      sent when, and what the looks found.
    </p>
    ${mayDecide ? form(visit, '/render/decide', { key }, fields) : notice('info', html`<p>Your token lacks the scope <code>decide</code>.</p>`)}
    ${command(`renderonce resolve ${shellWord(engineKey)} --adopt PROJECT --why REASON`)}
  </section>`;
}

function signature(name: string): Html {
  return html`<label for="by">Your name</label
    ><input id="by" name="by" required maxlength="100" value="${name}" autocomplete="name" />
    <label for="why">Why</label
    ><input
      id="why"
      name="why"
      required
      maxlength="1000"
      placeholder="I see it in the dashboard of JSON2Video"
    />`;
}

function projectField(): Html {
  return html`<label for="project">Project</label
    ><input
      id="project"
      name="project"
      maxlength="64"
      placeholder="AbCdEfGhIjKlMnOp"
      spellcheck="false"
      autocomplete="off"
    />`;
}

function forceBox(action: Forced): Html {
  return html`<label
    ><input type="checkbox" name="force-${action}" value="yes" /> By force: ${BY_FORCE[action]}</label
  >`;
}

/** Shows the consequence of a decision, the evidence, and the button that decides. */
export function confirmView(visit: Inside, shown: Shown, decision: DecisionRequest): Html {
  const { key, engineKey, story } = shown;
  const { action, project, force = false, by, why } = decision;
  const title = action === 'adopt' ? `Adopt project ${project ?? ''}` : TITLES[action];
  const fields = {
    key,
    action,
    by,
    why,
    confirmed: 'yes',
    ...(project === undefined ? {} : { project }),
    ...(force ? { [`force-${action}`]: 'yes' } : {}),
  };
  const buttons = html`<button class="${action === 'adopt' ? 'main' : 'danger'}">${title}</button>
    <a class="button quiet" href="${renderPath(key)}">Back</a>`;
  return html`<p class="crumb"><a href="/">Renders</a> › <a href="${renderPath(key)}">${key}</a></p>
    <div class="narrow">
      <h1>${title}?</h1>
      ${notice(
        action === 'adopt' && !force ? 'info' : 'bad',
        html`<p><strong>${key}:</strong> ${costOf(action, shown)}</p>
          ${force && action !== 'abandon' && html`<p><strong>By force:</strong> ${BY_FORCE[action]}.</p>`}`,
      )}
      <p>Signed by ${by}, because: ${why}</p>
      ${form(visit, '/render/decide', fields, buttons)}
      <h2>The same in a shell</h2>
      ${command(commandOf(engineKey, decision))}
      <h2>Evidence</h2>
      ${storyList(story.events)}
    </div>`;
}

function commandOf(
  engineKey: string,
  { action, project = '', force = false, by, why }: DecisionRequest,
): string {
  const choice = action === 'adopt' ? `--adopt ${shellWord(project)}` : `--${action}`;
  return `renderonce resolve ${shellWord(engineKey)} ${choice}${force ? ' --force' : ''} --by ${shellWord(by)} --why ${shellWord(why)}`;
}
