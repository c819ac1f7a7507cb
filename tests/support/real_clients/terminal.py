"""Runs a client that asks its questions on a terminal."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence

SECONDS = 120


def talk(command: Sequence[str], answers: Mapping[str, str], environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of a client and what it printed; each question, once it appears, gets its answer."""
    own, its = pty.openpty()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env={**kept, **environment}, close_fds=True)
    os.close(its)
    try:
        printed = _converse(process, own, dict(answers))
        return process.wait(SECONDS), printed
    finally:
        process.kill()
        process.wait()
        os.close(own)


def _converse(process: subprocess.Popen[bytes], terminal: int, answers: dict[str, str]) -> str:
    printed, end = "", time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            printed += os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the client has closed its side
            break
        for question in [question for question in answers if question in printed]:
            os.write(terminal, (answers.pop(question) + "\n").encode())
    return printed
