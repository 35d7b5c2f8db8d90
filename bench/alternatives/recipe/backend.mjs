/**
 * The provider's recipe ("Retries & idempotency"): a table of projects by key, looked up before the POST and written
 * after it; a table of deliveries by project, which drops duplicates; a loop that polls what no delivery came for.
 */
import { EventEmitter, once } from 'node:events';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { announce } from '../child/announce.mjs';
import { checkMovie, POLL_SECONDS, postMovie } from '../child/provider.mjs';
import { serve } from '../child/serve.mjs';

const db = new Pool({ connectionString: process.env.DATABASE_URL });
await db.query(`
  create table if not exists movies (
    idempotency_key text primary key, project text not null, created_at timestamptz not null default now());
  create table if not exists processed (project text primary key, url text not null)`);

/** Who waits in this process is told at once; the loop and a restart find the rest in the table. */
const ended = new EventEmitter().setMaxListeners(0);

async function submitOnce(key, movie) {
  const { rows } = await db.query('select project from movies where idempotency_key = $1', [key]);
  if (rows.length > 0) return rows[0].project;
  const project = await postMovie(key, movie, server.webhookUrl(key));
  await db.query('insert into movies (idempotency_key, project) values ($1, $2)', [key, project]);
  return project;
}

async function onEnd({ project, url }) {
  const { rowCount } = await db.query('insert into processed values ($1, $2) on conflict do nothing', [
    project,
    url,
  ]);
  if (rowCount === 1) ended.emit(project);
}

async function result(key) {
  const { rows } = await db.query('select project from movies where idempotency_key = $1', [key]);
  if (rows.length === 0) throw new Error(`nobody asked for ${key}`);
  const { project } = rows[0];
  const stop = new AbortController();
  const told = once(ended, project, { signal: stop.signal }).catch(() => undefined);
  for (;;) {
    const { rows: done } = await db.query('select url from processed where project = $1', [project]);
    if (done.length > 0) {
      stop.abort();
      return done[0].url;
    }
    await told;
  }
}

async function poll() {
  for (;;) {
    await pause(POLL_SECONDS * 1_000);
    const { rows } = await db.query(
      `select project from movies where created_at < now() - $1 * interval '1 second'
       and not exists (select from processed where processed.project = movies.project)`,
      [POLL_SECONDS],
    );
    for (const { project } of rows) {
      const url = await checkMovie(project).catch(() => null);
      if (url !== null) await onEnd({ project, url });
    }
  }
}

const server = await serve({ submit: submitOnce, result, onDelivery: (_key, movie) => onEnd(movie) });
void poll();
announce(server.url, async () => {
  await server.close();
  await db.end();
});
