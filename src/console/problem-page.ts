import type { FastifyRequest } from 'fastify';
import { problemOf } from '../http/problem.js';
import type { ProblemDetails } from '../http/schemas.js';
import { ApiRefusal } from './ask-api.js';
import { html, type Html, type Part } from './html.js';
import { layout } from './layout.js';
import { notice } from './parts.js';
import type { Visit } from './visit.js';

/** Says what a person may see of an error. */
export function problemFor(error: Error, { caller }: FastifyRequest): ProblemDetails {
  return error instanceof ApiRefusal ? error.problem : problemOf(error, caller);
}

/** Shows why a request failed, and the next step. */
export function problemPage(visit: Visit | undefined, problem: ProblemDetails): Html {
  const body = html`<h1>${problem.title}</h1>
    ${problemNotice(problem)}
    <p><a href="/">All renders</a></p>`;
  return layout(visit, { title: problem.title, body });
}

/** Shows a problem within a page. */
export function problemNotice({ title, detail, next, differences = [] }: ProblemDetails): Html {
  return notice(
    'bad',
    html`<p><strong>${title}:</strong> ${detail}</p>
      ${
        differences.length > 0 &&
        html`<ul>
          ${differences.map((path) => html`<li><code>${path}</code></li>`)}
        </ul>`
      }
      <p>${withCode(next)}</p>`,
  );
}

/** Shows as code what stands between backticks. */
function withCode(text: string): readonly Part[] {
  const parts = text.split('`');
  // A backtick without a second one is only a character.
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}
