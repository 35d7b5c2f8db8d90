import { createHash } from 'node:crypto';
import { waitSignal } from '../../http/api.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { html } from '../html.js';
import { layout } from '../layout.js';
import { sendPage } from '../send-page.js';
import { findRenders, wantedOf } from './find.js';
import { filters, rowsPart } from './view.js';

const SEEN_CHARACTERS = 16;

/** Adds the list of renders. */
export function addRendersPage(context: ConsoleContext): void {
  context.app.get('/', async (request, reply) => {
    const visit = visitOf(request);
    const wanted = wantedOf(request.query);
    const signal = waitSignal(reply.raw, context.stopping);
    const { rows, next } = await findRenders(context, visit.caller, wanted, signal);
    const hash = createHash('sha256').update(JSON.stringify([rows, next]));
    const seen = hash.digest('base64url').slice(0, SEEN_CHARACTERS);
    const part = rowsPart(wanted, rows, next, seen);
    if (fieldOf(request.query, 'part') === 'rows') {
      if (fieldOf(request.query, 'seen') === seen) return reply.code(204).send();
      return sendPage(reply, part);
    }
    const body = html`<h1>Renders</h1>
      ${filters(wanted)}${part}`;
    return sendPage(reply, layout(visit, { title: 'Renders', at: '/', body }));
  });
}
