/**
 * Receives events and has each effect exactly once: the event's ID is stored in the transaction of the effect. Needs Node
 * 22.18 or newer, for its SQLite and its types. `PORT=3000 DATABASE=orders.db EVENTS_SECRET=whsec_… node receiver.ts`
 */
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { EventInvalid, type RenderEvent, verifyEvent } from 'renderonce/events';

const { PORT = '3000', DATABASE = 'orders.db', EVENTS_SECRET = '' } = process.env;

const database = new DatabaseSync(DATABASE);
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000');
database.exec('CREATE TABLE IF NOT EXISTS seen_events (id TEXT PRIMARY KEY)');
database.exec('CREATE TABLE IF NOT EXISTS effects (event TEXT, order_key TEXT, url TEXT)');

/** Has the effect of an event, unless it was had before. Both are stored, or neither. */
function handle(event: RenderEvent): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { changes } = database.prepare('INSERT OR IGNORE INTO seen_events VALUES (?)').run(event.id);
    if (changes === 1 && event.type === 'render.done') {
      const { key, url } = event.data;
      database.prepare('INSERT INTO effects VALUES (?, ?, ?)').run(event.id, key, url);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    try {
      handle(verifyEvent(Buffer.concat(chunks), request.headers, EVENTS_SECRET.split(',')));
      response.writeHead(204).end();
    } catch (error) {
      // Any answer but 2xx has the event sent again.
      response.writeHead(error instanceof EventInvalid ? 400 : 500).end();
    }
  });
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
