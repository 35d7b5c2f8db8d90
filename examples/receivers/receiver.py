"""Receives events and has each effect exactly once: the event's ID is stored in the transaction of the effect.

Needs requirements.txt. PORT=3000 DATABASE=orders.db EVENTS_SECRET=whsec_... python3 receiver.py
"""

import os
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

DATABASE = os.environ.get("DATABASE", "orders.db")
SECRETS = os.environ.get("EVENTS_SECRET", "").split(",")


def connect():
    return sqlite3.connect(DATABASE, timeout=5, isolation_level=None)


def verify(body, headers):
    """Returns the event; raises WebhookVerificationError if no secret has signed it."""
    for secret in SECRETS:
        try:
            return Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            continue
    raise WebhookVerificationError("no secret has signed it")


def handle(event_id, event):
    """Has the effect of an event, unless it was had before. Both are stored, or neither."""
    database = connect()
    try:
        database.execute("BEGIN IMMEDIATE")
        is_new = database.execute("INSERT OR IGNORE INTO seen_events VALUES (?)", (event_id,)).rowcount == 1
        if is_new and event["type"] == "render.done":
            data = event["data"]
            database.execute("INSERT INTO effects VALUES (?, ?, ?)", (event_id, data["key"], data["url"]))
        database.execute("COMMIT")
    finally:
        # A connection that closes rolls back what it has not committed.
        database.close()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            handle(headers.get("webhook-id", ""), verify(body, headers))
            status = 204
        except WebhookVerificationError:
            status = 400
        except Exception:
            # Any answer but 2xx has the event sent again.
            status = 500
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    setup = connect()
    setup.execute("PRAGMA journal_mode = WAL")
    setup.execute("CREATE TABLE IF NOT EXISTS seen_events (id TEXT PRIMARY KEY)")
    setup.execute("CREATE TABLE IF NOT EXISTS effects (event TEXT, order_key TEXT, url TEXT)")
    setup.close()
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
    print("ready", flush=True)
    server.serve_forever()
