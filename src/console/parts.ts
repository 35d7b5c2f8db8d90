import type { RenderState } from '../render/state.js';
import { html, type Html, type Part } from './html.js';
import type { Visit } from './visit.js';

/** Shows a state as a coloured word. */
export function badge(state: RenderState | 'sending' | 'delivered' | 'undelivered' | 'kept' | 'lost'): Html {
  return html`<span class="badge ${state}">${state}</span>`;
}

/** Shows an ISO time in UTC, in whole seconds; a dash if there is none. */
export function time(iso: string | null | undefined): Part {
  if (iso === undefined || iso === null || Number.isNaN(Date.parse(iso))) return '–';
  const at = new Date(iso).toISOString();
  return html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)}</time>`;
}

/** Shows a command of a shell, with a button that copies it where there is JavaScript. */
export function command(text: string): Html {
  return html`<div class="command">
    <code>${text}</code><button type="button" class="quiet" data-copy hidden>Copy</button>
  </div>`;
}

/** Makes a form that changes something. It carries the visitor's token; `fields` are sent unseen. */
export function form(
  { formToken }: Visit,
  path: string,
  fields: Readonly<Record<string, string>>,
  content: Part,
): Html {
  const hidden = Object.entries({ form: formToken, ...fields }).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post" action="${path}">${hidden}${content}</form>`;
}

/** A fact about something, as a row of a list of facts; a fact without a value is left out. */
type Fact = readonly [name: string, value: Part];

/** Shows facts side by side, as many as fit; `wide` if their values are long. */
export function facts(list: readonly Fact[], width: 'narrow' | 'wide' = 'narrow'): Html {
  const shown = list.filter(([, value]) => value !== undefined && value !== false && value !== '');
  const rows = shown.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return html`<dl class="facts ${width}">${rows}</dl>`;
}

/** Shows a message that matters. */
export function notice(kind: 'good' | 'bad' | 'info', content: Part): Html {
  return html`<div class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${content}</div>`;
}

/** Returns the address of a page of one render. */
export function renderPath(key: string, page = ''): string {
  return `/render${page}?${new URLSearchParams({ key }).toString()}`;
}

/** Shows bytes in the largest unit that leaves a number over 1. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), units.length - 1);
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
