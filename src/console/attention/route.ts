import { waitSignal } from '../../http/api.js';
import { type ConsoleContext, visitOf } from '../context.js';
import { readBudgets } from '../credits/read.js';
import { layout } from '../layout.js';
import { sendPage } from '../send-page.js';
import { findAttention } from './find.js';
import { attentionView } from './view.js';

/** Adds the page of everything that waits for a person. */
export function addAttentionPage(context: ConsoleContext): void {
  context.app.get('/attention', async (request, reply) => {
    const visit = visitOf(request);
    const signal = waitSignal(reply.raw, context.stopping);
    const budgets = await readBudgets(context, request);
    const found = await findAttention(context, visit.caller, budgets, signal);
    return sendPage(
      reply,
      layout(visit, { title: 'Attention', at: '/attention', body: attentionView(visit, found) }),
    );
  });
}
