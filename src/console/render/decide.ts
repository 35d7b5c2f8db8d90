import { z } from 'zod';
import { waitSignal } from '../../http/api.js';
import { parseDecision } from '../../render/decision.js';
import { DecisionRefused } from '../../render/errors.js';
import { apiPathOf, askApi } from '../ask-api.js';
import { type ConsoleContext, fieldOf, visitOf } from '../context.js';
import { layout } from '../layout.js';
import { renderPath } from '../parts.js';
import { sendPage } from '../send-page.js';
import { confirmView } from './decide-view.js';
import { readShown } from './read.js';

/** Adds the form of a decision: the first answer names the consequence, and its form decides. */
export function addDecisions(context: ConsoleContext): void {
  const { app, stopping } = context;
  app.post('/render/decide', { config: { needs: 'decide' } }, async (request, reply) => {
    const visit = visitOf(request);
    const { body } = request;
    const key = fieldOf(body, 'key');
    const decision = decisionIn(body, key);
    if (fieldOf(body, 'confirmed') === 'yes') {
      await askApi(app, request, {
        method: 'POST',
        path: apiPathOf(key, '/decision'),
        body: JSON.stringify(decision),
        answer: z.unknown(),
      });
      return reply.redirect(renderPath(key), 303);
    }
    const shown = await readShown(context, visit.caller, key, waitSignal(reply.raw, stopping));
    return sendPage(reply, layout(visit, { title: 'Decide', body: confirmView(visit, shown, decision) }));
  });
}

function decisionIn(body: unknown, key: string) {
  const action = fieldOf(body, 'action');
  const project = fieldOf(body, 'project');
  const decision = parseDecision({
    action,
    by: fieldOf(body, 'by'),
    why: fieldOf(body, 'why'),
    // The field of the project belongs to one of three choices.
    ...(action === 'adopt' ? { project } : {}),
    ...(fieldOf(body, `force-${action}`) === 'yes' ? { force: true } : {}),
  });
  if (typeof decision === 'string') throw new DecisionRefused(decision, { key });
  return decision;
}
