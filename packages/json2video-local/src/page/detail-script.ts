/** The second half of the page's script: one movie in detail, the request log, and the connection. */
export const DETAIL_SCRIPT = `
function drawDetail(movie) {
  at('detail').hidden = movie === undefined;
  if (movie === undefined) return;
  put(at('title'), movie.key ?? movie.project);
  drawVideo(movie);
  put(at('message'), movie.status === 'error' ? movie.message : '');
  const facts = [['project', movie.project], ['state', movie.status + (movie.shown === movie.status ? '' : ', API says ' + movie.shown)],
    ['size', movie.width + ' × ' + movie.height + ', ' + movie.durationSeconds + ' s'],
    ['accepted', timeOf(movie.createdAt)], [movie.status === 'done' || movie.status === 'error' ? 'ended' : 'due', timeOf(movie.endsAt)],
    ['credits', movie.credits + (movie.assetCredits ? ' (assets ' + movie.assetCredits + ')' : '')]];
  for (const each of movie.exports ?? []) facts.push([each.type, each.problem ?? 'pretended']);
  at('facts').replaceChildren(...facts.flatMap(([name, value]) => [make('dt', '', name), make('dd', '', value)]));
  const sent = movie.webhooks.slice(-50).map((webhook) => {
    const item = make('li'), url = make('span', 'mono', webhook.url);
    url.title = webhook.url;
    item.append(chip(webhook.status === null ? 'none' : String(webhook.status), goodness(webhook.status)), url,
      make('span', 'dim', timeOf(webhook.at) + ', ' + webhook.ms + ' ms'));
    return item;
  });
  at('webhooks').replaceChildren(...(sent.length > 0 ? sent : [make('li', 'dim', 'none sent')]));
}

function drawVideo(movie) {
  const video = at('video'), isThere = movie.url !== null;
  video.hidden = !isThere;
  at('blank').hidden = isThere;
  const reasons = { pending: 'waiting for a renderer', running: 'rendering', error: 'the render failed' };
  put(at('blank'), reasons[movie.status] ?? (movie.deleted ? 'the file was deleted' : 'the file has expired'));
  // The path only: the page may have been opened under another name of this host.
  const source = isThere ? new URL(movie.url).pathname : '';
  if (video.dataset.source === source) return;
  video.dataset.source = source;
  if (isThere) video.src = source; else video.removeAttribute('src');
}

let drawnRequests = '';
function drawRequests() {
  const newest = [...requests.values()].sort((a, b) => b.seq - a.seq).slice(0, 100);
  const drawn = newest.map((one) => one.seq + ' ' + one.status + ' ' + one.ms).join();
  if (drawn === drawnRequests) return;
  drawnRequests = drawn;
  at('requests').replaceChildren(...newest.map((one) => {
    const row = make('tr'), path = make('td', 'mono', one.method + ' ' + one.path), reply = make('td');
    path.title = one.path;
    const isOpen = one.status === null && one.ms === 0;
    reply.append(make('span', isOpen ? 'dim' : goodness(one.status), isOpen ? 'open' : one.status === null ? 'cut' : String(one.status)));
    if (one.accepted) reply.append(make('span', 'dim', ' accepted'));
    row.append(make('td', 'number dim', String(one.seq)), make('td', 'dim', timeOf(one.at)), make('td', '', one.call), path,
      make('td', '', one.key ?? ''), reply, make('td', 'number', isOpen ? '' : String(one.ms)), make('td', 'warn', one.fault ?? ''));
    return row;
  }));
}

const source = new EventSource('/_fake/events');
source.addEventListener('snapshot', (event) => {
  movies.clear(); requests.clear(); rows.clear();
  at('movies').replaceChildren();
  const data = JSON.parse(event.data);
  put(at('example'), "curl " + location.origin + "/v2/movies -H 'x-api-key: " + data.apiKey + "' " +
    "-d '" + JSON.stringify({ resolution: 'hd', scenes: [{ duration: 5, elements: [{ type: 'text', text: 'Hello' }] }] }) + "'");
  take(data);
});
source.addEventListener('update', (event) => take(JSON.parse(event.data)));
source.onopen = () => { put(at('link'), 'live'); at('link').className = 'chip ok'; };
source.onerror = () => { put(at('link'), 'not reachable'); at('link').className = 'chip bad'; };
setInterval(() => { drawClock(); if ([...movies.values()].some((movie) => movie.status === 'running')) draw(); }, 250);
`;
