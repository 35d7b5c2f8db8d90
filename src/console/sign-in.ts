import type { FastifyReply, FastifyRequest } from 'fastify';
import { allows } from '../http/caller.js';
import { identify } from '../http/guard.js';
import { type ConsoleContext, fieldOf } from './context.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { command, form, notice } from './parts.js';
import { sendPage } from './send-page.js';
import type { Sessions } from './session.js';
import { setSession, type Visit } from './visit.js';

/** Longest token that is looked at; ours have under 90 characters. */
const TOKEN_CHARACTERS = 200;
/** Anybody may send these forms, so nobody makes the server read a long one. */
const FORM_BYTES = 16_384;

/** Adds the routes that begin and end a session. */
export function addSignIn({ app, tokens }: ConsoleContext, sessions: Sessions): void {
  app.get('/sign-in', { config: { needs: 'nothing' } }, (request, reply) => {
    if (request.visit?.caller !== undefined) return reply.redirect('/', 303);
    return show(request, reply);
  });
  app.post('/sign-in', { bodyLimit: FORM_BYTES, config: { needs: 'nothing' } }, (request, reply) => {
    const token = fieldOf(request.body, 'token');
    const caller = identify(token.length <= TOKEN_CHARACTERS ? token : '', tokens);
    if (caller === undefined) return show(request, reply.code(401), 'This server knows no such token.');
    if (!allows(caller, 'read'))
      return show(request, reply.code(403), 'This token lacks the scope read, which the console needs.');
    if (tokens.length > 0) setSession(request, reply, sessions.seal(token));
    return reply.redirect(placeOf(fieldOf(request.body, 'to')), 303);
  });
  app.post('/sign-out', { bodyLimit: FORM_BYTES, config: { needs: 'nothing' } }, (request, reply) => {
    setSession(request, reply);
    return reply.redirect('/sign-in', 303);
  });
}

function show(request: FastifyRequest, reply: FastifyReply, fault?: string): Promise<FastifyReply> {
  const fields = request.method === 'GET' ? request.query : request.body;
  return sendPage(reply, signInPage(request.visit, placeOf(fieldOf(fields, 'to')), fault));
}

/** Returns a place of this console: an address of another host would be a trap. */
function placeOf(given: string): string {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(given) ? given : '/';
}

function signInPage(visit: Visit | undefined, to: string, fault: string | undefined): Html {
  const fields = html`<label for="token">Token</label>
    <input
      id="token"
      name="token"
      type="password"
      autocomplete="current-password"
      required
      autofocus
      maxlength="200"
      spellcheck="false"
    />
    <p class="hint">
      It begins with <code>ro_</code>. The session lasts 12 hours, and ends when the token is removed.
    </p>
    <button class="main">Sign in</button>`;
  const body = html`<div class="narrow">
    <h1>Sign in</h1>
    ${fault !== undefined && notice('bad', html`<p>${fault}</p>`)}
    ${visit !== undefined && form(visit, '/sign-in', { to }, fields)}
    <h2>No token?</h2>
    <p><code>renderonce up</code> prints one at its first start. The operator of this server makes others:</p>
    ${command('renderonce token create --name anna --scopes submit+read+decide')}
  </div>`;
  return layout(visit, { title: 'Sign in', body });
}
