"""Starts a render under a business key, or joins it, and waits for the video. Safe to run again at any time.

    python render.py order-12345-thumbnail movie.json
"""

import asyncio
import json
import os
import sys
import uuid

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig

from fingerprint import fingerprint

SUBMIT_DEADLINE_SECONDS = 30


class IdempotencyKeyReused(Exception):
    """The key belongs to another movie; nothing was sent."""


async def submit(client: Client, task_queue: str, key: str, movie: dict) -> dict:
    """Starts the render or joins it, and waits until the provider has accepted the movie."""
    request = {"movie": movie, "fingerprint": fingerprint(movie), "caller": str(uuid.uuid4())}
    start = WithStartWorkflowOperation(
        "renderMovie",
        request,
        id=key,  # the workflow ID is the key, unchanged
        task_queue=task_queue,
        memo={"fingerprint": request["fingerprint"], "ignore": []},
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    # All callers use one update ID. So each gets the first one's result, also after the render closed.
    update = client.execute_update_with_start_workflow("submit", id="submit", start_workflow_operation=start)
    # Without a worker the update waits for ever: the SDK repeats the call after any rpc_timeout.
    answer = await asyncio.wait_for(update, SUBMIT_DEADLINE_SECONDS)
    # The engine does not compare movies, so every caller must.
    if answer["fingerprint"] != request["fingerprint"]:
        raise IdempotencyKeyReused(f"key {key} belongs to another movie, project {answer['project']}")
    return {**answer, "replayed": answer["caller"] != request["caller"]}


async def main(key: str, path: str, task_queue: str = "renderonce") -> int:
    try:
        with open(path, encoding="utf-8-sig") as file:  # editors on Windows write a byte order mark
            movie = json.load(file)
    except (OSError, ValueError) as error:
        print(f"{path} holds no movie: {error}", file=sys.stderr)
        return 2
    # TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and similar variables, or a TOML profile
    engine = {"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()}
    try:
        client = await Client.connect(**engine)
    except (RuntimeError, ValueError) as error:
        print(f"no engine answers at {engine['target_host']}: {error}; try `npx renderonce dev`", file=sys.stderr)
        return 3
    try:
        submitted = await submit(client, task_queue, key, movie)
        outcome = await client.get_workflow_handle(key).result()
    except IdempotencyKeyReused as error:
        print(error, file=sys.stderr)
        return 2
    except (asyncio.TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        print("not accepted yet: the render goes on, run this again", file=sys.stderr)
        return 1
    except (WorkflowUpdateFailedError, WorkflowFailureError) as error:
        # The type is MovieRejected, RenderAbandoned, IdempotencyKeyReused or RenderCancelled.
        print(f"{getattr(error.cause, 'type', 'ended')}: {error.cause}", file=sys.stderr)
        return 1
    print(json.dumps({**outcome, "replayed": submitted["replayed"]}))
    return 0 if outcome["status"] == "done" else 1


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: render.py <key> <movie.json> [task queue]")
    code = asyncio.run(main(*sys.argv[1:]))
    sys.stdout.flush()
    # Exits at once. Otherwise a native thread of the SDK can abort the process during the interpreter's shutdown, and the
    # exit code is lost (issue 300 of temporalio/sdk-python; seen with 1.35 on Python 3.11).
    os._exit(code)
