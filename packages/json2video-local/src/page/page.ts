import { DETAIL_SCRIPT } from './detail-script.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

const MARKUP = `
<header>
  <h1>JSON2Video, local</h1>
  <p id="link" class="chip" data-testid="connection">connecting</p>
  <dl>
    <div><dt>movies</dt><dd id="count" data-testid="movie-count">0</dd></div>
    <div><dt>credits left</dt><dd id="balance" data-testid="balance">–</dd></div>
    <div><dt>spent</dt><dd id="spent" data-testid="spent">–</dd></div>
    <div><dt>for assets</dt><dd id="assets" data-testid="assets">–</dd></div>
    <div><dt>fault rules</dt><dd id="faults" data-testid="faults">0</dd></div>
    <div><dt>its clock <span id="scale"></span></dt><dd id="now" data-testid="clock">–</dd></div>
  </dl>
</header>
<main>
  <section aria-label="Movies">
    <h2>Movies</h2>
    <div class="scroll">
      <table>
        <thead><tr><th>state</th><th>key</th><th>project</th><th class="number">length</th><th class="number">credits</th><th class="number">polls</th><th>webhooks</th></tr></thead>
        <tbody id="movies" data-testid="movies"></tbody>
      </table>
      <div id="empty"><p>No movie yet. Submit one:</p><pre id="example"></pre></div>
    </div>
  </section>
  <section aria-label="Movie" id="detail" data-testid="detail" hidden>
    <h2 id="title"></h2>
    <div id="stage"><video id="video" data-testid="video" controls muted autoplay loop playsinline hidden></video><p id="blank"></p></div>
    <p id="message" data-testid="message"></p>
    <dl id="facts"></dl>
    <h3>Webhooks</h3>
    <ul id="webhooks" data-testid="webhooks"></ul>
  </section>
</main>
<section aria-label="Requests">
  <h2>Requests</h2>
  <div class="scroll short">
    <table>
      <thead><tr><th class="number">no.</th><th>at</th><th>call</th><th>request</th><th>key</th><th>reply</th><th class="number">ms</th><th>fault</th></tr></thead>
      <tbody id="requests" data-testid="requests"></tbody>
    </table>
  </div>
</section>
<footer>Not for production: no key is asked for here, and nothing is rendered. As JSON:
  <a href="/_fake/movies">movies</a> <a href="/_fake/requests">requests</a> <a href="/_fake/credits">credits</a>
  <a href="/_fake/faults">faults</a> <a href="/_fake/switches">switches</a> <a href="/_fake/scenarios">scenarios</a></footer>
`;

/** The page at `/`: movies, credits and requests, live. One document that loads nothing from other places. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>JSON2Video, local</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>${MARKUP}<script>${SCRIPT}${DETAIL_SCRIPT}</script></body>
</html>
`;

/** Allows the contents of the document and this server only. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; " +
  "media-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
