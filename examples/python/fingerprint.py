"""The fingerprint of a movie: SHA-256 over its canonical JSON (RFC 8785), in lower-case hex."""

import hashlib
import json
import sys

import rfc8785


def without(value, pointers):
    """Returns a value without the places that the pointers name, each a list of steps; `*` is any member or index."""

    def within(step):
        return [pointer[1:] for pointer in pointers if pointer[0] in ("*", step)]

    if isinstance(value, dict):
        return {name: without(item, within(name)) for name, item in value.items() if [] not in within(name)}
    if isinstance(value, list):
        return [without(item, within(str(at))) for at, item in enumerate(value) if [] not in within(str(at))]
    return value


def fingerprint(movie: dict, ignore: list = ()) -> str:
    pointers = [[step.replace("~1", "/").replace("~0", "~") for step in each.split("/")[1:]] for each in ignore]
    counted = without(movie, pointers)
    if counted.get("client-data") in ({}, [], None):
        counted.pop("client-data", None)
    # JSON numbers are doubles. Python's integers are not, and rfc8785 refuses them beyond 2**53.
    plain = json.loads(json.dumps(counted), parse_int=float)
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def check(path: str) -> int:
    """Checks the test vectors and returns their number."""
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    for vector in vectors:
        found = fingerprint(json.loads(vector["movie"]), vector.get("ignore", []))
        if found != vector["fingerprint"]:
            raise AssertionError(f"{vector['name']}: {found} instead of {vector['fingerprint']}")
    return len(vectors)


if __name__ == "__main__":
    print(f"{check(sys.argv[1])} vectors hold")
