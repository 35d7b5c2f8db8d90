"""The fingerprint of a movie: SHA-256 over its canonical JSON (RFC 8785), in lower-case hex."""

import hashlib
import json
import sys

import rfc8785


def fingerprint(movie: dict) -> str:
    # JSON numbers are doubles. Python's integers are not, and rfc8785 refuses them beyond 2**53.
    plain = json.loads(json.dumps(movie), parse_int=float)
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def check(path: str) -> int:
    """Checks the test vectors and returns their number."""
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    for vector in vectors:
        found = fingerprint(json.loads(vector["movie"]))
        if found != vector["fingerprint"]:
            raise AssertionError(f"{vector['name']}: {found} instead of {vector['fingerprint']}")
    return len(vectors)


if __name__ == "__main__":
    print(f"{check(sys.argv[1])} vectors hold")
