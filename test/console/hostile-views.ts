import { attentionView } from '../../src/console/attention/view.js';
import { creditsView } from '../../src/console/credits/view.js';
import type { Html } from '../../src/console/html.js';
import { confirmView } from '../../src/console/render/decide-view.js';
import { renderView } from '../../src/console/render/view.js';
import { filters, rowsPart } from '../../src/console/renders/view.js';
import { tryView } from '../../src/console/try/view.js';

const AT = '2026-11-29T12:00:00Z';
/** A person of this name. */
export const visitOf = (text: string) =>
  ({
    caller: { id: 'x', name: text, tenant: text, scopes: ['admin'] },
    token: '',
    formToken: text,
    hasSession: true,
  }) as const;

/** A render of which every text is the same one. */
function shownWith(text: string, state: 'held' | 'done') {
  const status = {
    key: text,
    state,
    project: text,
    attempts: 1,
    providerStatus: text,
    message: text,
    startedAt: AT,
  };
  const events = [`submission 1: ${text}`, text].map((line) => ({ at: AT, text: line }));
  const decisions = [{ action: 'adopt' }, { action: 'resubmit', from: AT }, { action: 'abandon' }];
  const kept = { project: text, store: text, url: text, sha256: text, sizeBytes: 1, keptAt: AT };
  return {
    key: text,
    engineKey: text,
    story: { ...status, events, next: [text], decisions: state === 'held' ? decisions : [] },
    view: { ...status, kept, outcome: { status: 'done', url: text, expiresAt: AT } },
    movie: { comment: text, template: text, [text]: [text], scenes: [] },
    quote: { credits: 1, bound: 'exact', parts: [] },
    deliveries: [
      {
        id: text,
        type: 'render.done',
        to: text,
        state: 'undelivered',
        at: AT,
        isReplay: true,
        message: text,
      },
    ],
  } as never as Parameters<typeof renderView>[1];
}

const quote = (text: string) =>
  ({ credits: 1, bound: 'exact', parts: [{ what: text, credits: 1, path: text }] }) as const;
const finding = (text: string) => ({ path: text, message: text, code: text });
/** A problem of which every text is the same one. */
export const problem = (text: string) => ({
  type: text,
  title: text,
  status: 400,
  detail: text,
  code: text,
  next: text,
  differences: [text],
});
const statement = (text: string, by: 'day' | 'budget') => ({
  since: AT,
  until: AT,
  by,
  credits: 1,
  renders: 1,
  rows: [{ name: text, credits: 1, renders: 1 }],
});
const budget = (text: string) =>
  ({
    name: text,
    limit: 1,
    per: 'day',
    posted: 1,
    reserved: 0,
    inDoubt: 0,
    left: 0,
    overrun: 1,
    window: { start: AT, end: AT },
    reached: { soft: true, limit: true },
  }) as never;

/** Each page, with one text at every place that a text from outside can reach. */
export const VIEWS: Readonly<Record<string, (text: string) => readonly (Html | false)[]>> = {
  renders: (text) => {
    const wanted = { text, state: undefined, since: text, until: text, cursor: text };
    const row = { key: text, project: text, startedAt: AT, closedAt: AT, progress: text } as const;
    return [
      filters(wanted),
      rowsPart(
        wanted,
        [
          { ...row, state: 'done' },
          { ...row, state: 'rendering' },
        ],
        text,
        text,
      ),
    ];
  },
  render: (text) => [renderView(visitOf(text), shownWith(text, 'done'))],
  held: (text) => [
    renderView(visitOf(text), shownWith(text, 'held')),
    confirmView(visitOf(text), shownWith(text, 'held'), {
      action: 'adopt',
      project: text,
      force: true,
      by: text,
      why: text,
    }),
  ],
  attention: (text) => {
    const listed = [{ key: text, state: 'held', startedAt: AT }] as const;
    const found = { held: listed, unknown: listed, waiting: listed, lost: [text], budgets: [budget(text)] };
    const { deliveries } = shownWith(text, 'done');
    return [
      attentionView(visitOf(text), {
        ...found,
        undelivered: [{ key: text, engineKey: text, deliveries }],
      } as never),
    ];
  },
  try: (text) => {
    const check = { ok: false, faults: [finding(text)], warnings: [finding(text)], quote: quote(text) };
    const { tenant: _tenant, ...caller } = visitOf(text).caller;
    return [tryView({ ...visitOf(text), caller }, { movie: text, key: text, check, problem: problem(text) })];
  },
  credits: (text) => [
    creditsView({
      since: '2026-11-29',
      today: '2026-11-29',
      byDay: statement(text, 'day'),
      byBudget: statement(text, 'budget'),
      byTemplate: statement(text, 'budget'),
      budgets: [budget(text)],
      costs: [{ key: text, quoted: 1, actual: 1 }],
    }),
  ],
};
