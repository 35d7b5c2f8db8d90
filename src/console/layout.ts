import { assetUrl } from './assets.js';
import { html, type Html, type Part } from './html.js';
import type { Visit } from './visit.js';

/** A page of the console. */
export interface Page {
  readonly title: string;
  /** The entry of the navigation that the page belongs to. */
  readonly at?: string;
  readonly body: Part;
}

const ENTRIES = [
  ['/', 'Renders'],
  ['/attention', 'Attention'],
  ['/try', 'Try'],
  ['/credits', 'Credits'],
] as const;

/** htmx adds no style of its own and runs no text, as the Content-Security-Policy demands. */
const HTMX = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyEnabled: false,
});

/** Lays a page out. Without a visit, or before the sign-in, it has no navigation. */
export function layout(visit: Visit | undefined, { title, at, body }: Page): Html {
  const isInside = visit?.caller !== undefined;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content="${HTMX}" />
        <title>${title} · renderonce</title>
        <link rel="icon" href="${assetUrl('icon.svg')}" />
        <link rel="stylesheet" href="${assetUrl('console.css')}" />
        <script src="${assetUrl('htmx.js')}" defer></script>
        <script src="${assetUrl('console.js')}" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="bar">
          <a class="brand" href="/"
            ><img src="${assetUrl('icon.svg')}" alt="" width="24" height="24" />renderonce</a
          >
          ${isInside && navigation(at)} ${visit !== undefined && isInside && whoIs(visit)}
        </header>
        <main id="content">${body}</main>
        <footer class="foot">Times and days are in UTC.</footer>
      </body>
    </html> `;
}

function navigation(at: string | undefined): Html {
  const entries = ENTRIES.map(([path, name]) =>
    path === at
      ? html`<a href="${path}" aria-current="page">${name}</a>`
      : html`<a href="${path}">${name}</a>`,
  );
  return html`<nav aria-label="Pages">${entries}</nav>`;
}

function whoIs({ caller, hasSession, formToken }: Visit): Html {
  const { name, tenant } = caller ?? {};
  if (!hasSession) return html`<p class="who">this machine</p>`;
  const who = tenant === undefined ? name : `${name ?? ''} · ${tenant}`;
  return html`<form class="who" method="post" action="/sign-out">
    <span>${who}</span><input type="hidden" name="form" value="${formToken}" /><button class="quiet">
      Sign out
    </button>
  </form>`;
}
