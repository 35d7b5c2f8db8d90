"""Runs a command on a pseudo-terminal: terminal.py ANSWER PROMPT COMMAND… types the answer when the prompt appears."""
import os
import pty
import sys

answer, prompt = sys.argv[1].encode(), sys.argv[2].encode()
seen = b""
answered = False


def read(fd):
    global seen, answered
    data = os.read(fd, 65536)
    seen += data
    if not answered and prompt and prompt in seen:
        answered = True
        os.write(fd, answer + b"\n")
    return data


status = pty.spawn(sys.argv[3:], read, lambda fd: b"")
sys.exit(os.waitstatus_to_exitcode(status))
