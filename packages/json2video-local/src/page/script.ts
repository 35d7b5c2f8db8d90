/**
 * The page's script: it keeps the newest movies and requests of the event stream and draws them at most once a frame.
 * It sets all data as text, never as markup.
 */
export const SCRIPT = `
'use strict';
const MOST = 200;
const movies = new Map(), requests = new Map(), rows = new Map();
let state = {}, heardAt = 0, picked, followed, followedAt = 0, calming, isDrawn = true;
const at = (id) => document.getElementById(id);
const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const make = (tag, className = '', text = '') => Object.assign(document.createElement(tag), { className, textContent: text });
const chip = (text, className) => make('span', 'chip ' + className, text);
const clockMs = () => Date.parse(state.now) + (performance.now() - heardAt) * (state.timeScale ?? 1);
const timeOf = (iso) => iso.slice(11, 19);
const goodness = (status) => status === null ? 'bad' : status < 300 ? 'ok' : status < 500 ? 'warn' : 'bad';

function take(data) {
  heardAt = performance.now();
  state = { ...state, ...data };
  for (const movie of data.movies ?? []) movies.set(movie.project, movie);
  for (const request of data.requests ?? []) requests.set(request.seq, request);
  forget(movies, (movie) => movie.seq, (project) => { rows.get(project)?.remove(); rows.delete(project); });
  forget(requests, (request) => request.seq, () => undefined);
  draw();
}

function forget(items, seqOf, gone) {
  if (items.size <= MOST) return;
  const oldest = [...items].sort((a, b) => seqOf(a[1]) - seqOf(b[1])).slice(0, items.size - MOST);
  for (const [key] of oldest) { items.delete(key); gone(key); }
}

function draw() {
  if (!isDrawn) return;
  isDrawn = false;
  requestAnimationFrame(() => {
    isDrawn = true;
    const shown = current();
    drawHead();
    drawMovies(shown);
    drawDetail(shown);
    drawRequests();
  });
}

function drawHead() {
  const { balance, spent, assets } = state.credits ?? {};
  const number = (value) => value === undefined ? '–' : value.toLocaleString('en');
  put(at('count'), number(state.movieCount));
  put(at('balance'), number(balance));
  put(at('spent'), number(spent));
  put(at('assets'), number(assets));
  put(at('faults'), number(state.faults));
  drawClock();
}

function drawClock() {
  if (state.now === undefined) return;
  put(at('now'), new Date(clockMs()).toISOString().slice(0, 19).replace('T', ' '));
  put(at('scale'), state.timeScale === 1 ? '' : state.timeScale === 0 ? '(stands still)' : '(× ' + state.timeScale + ')');
}

function drawMovies(shown) {
  at('empty').hidden = movies.size > 0;
  const body = at('movies');
  const inOrder = [...movies.values()].sort((a, b) => b.seq - a.seq);
  inOrder.forEach((movie, index) => {
    const row = rowOf(movie);
    row.setAttribute('aria-selected', String(movie.project === shown?.project));
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
  });
}

function rowOf(movie) {
  let row = rows.get(movie.project);
  if (row === undefined) {
    row = make('tr');
    row.tabIndex = 0;
    row.dataset.project = movie.project;
    const pick = () => { picked = movie.project; draw(); };
    row.onclick = pick;
    row.onkeydown = (event) => { if (event.key === 'Enter') pick(); };
    rows.set(movie.project, row);
  }
  const drawn = JSON.stringify(movie);
  if (row.dataset.drawn === drawn && movie.status !== 'running') return row;
  row.dataset.drawn = drawn;
  row.replaceChildren(stateCell(movie), make('td', '', movie.key ?? '–'), make('td', 'mono', movie.project),
    make('td', 'number', movie.durationSeconds + ' s'), make('td', 'number', String(movie.credits)),
    make('td', 'number', String(movie.polls)), webhookCell(movie));
  return row;
}

function stateCell(movie) {
  const cell = make('td');
  cell.append(chip(movie.status, movie.status));
  if (movie.cached) cell.append(make('span', 'dim', ' cached'));
  if (movie.shown !== movie.status) cell.append(make('span', 'dim', ' API says ' + movie.shown));
  if (movie.status !== 'running') return cell;
  const [from, to] = [Date.parse(movie.startsAt), Date.parse(movie.endsAt)];
  const share = to > from ? Math.min(1, (clockMs() - from) / (to - from)) : 1;
  const bar = make('div', 'bar'), done = make('i');
  done.style.width = Math.round(share * 100) + '%';
  bar.append(done);
  cell.append(bar);
  return cell;
}

function webhookCell(movie) {
  const cell = make('td');
  const [last] = movie.webhooks.slice(-1);
  if (last === undefined) { cell.className = 'dim'; cell.textContent = '–'; return cell; }
  cell.append(make('span', goodness(last.status), last.status === null ? 'no answer' : String(last.status)));
  if (movie.webhooks.length > 1) cell.append(make('span', 'dim', ' × ' + movie.webhooks.length));
  return cell;
}

/** The movie shown beside the list: the one clicked on, or else the newest that has a video, changing calmly. */
function current() {
  const chosen = movies.get(picked);
  if (chosen !== undefined) return chosen;
  const calmMs = followedAt + 2000 - performance.now();
  if (calmMs > 0 && movies.has(followed)) {
    calming ??= setTimeout(() => { calming = undefined; draw(); }, calmMs);
    return movies.get(followed);
  }
  const inOrder = [...movies.values()].sort((a, b) => b.seq - a.seq);
  const newest = inOrder.find((movie) => movie.url !== null) ?? inOrder[0];
  if (newest?.project !== followed) { followed = newest?.project; followedAt = performance.now(); }
  return newest;
}
`;
