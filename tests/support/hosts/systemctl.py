#!/usr/bin/python3
"""Fakes the systemctl commands that the client's program runs, on a test host without systemd.

Starts dockerd as docker's unit and its drop-ins say. Runs on the host without this repository.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_UNIT = Path("/lib/systemd/system/docker.service")
_DROP_INS = Path("/etc/systemd/system/docker.service.d")
_PID_FILE = Path("/run/docker.pid")
_SECONDS = 20


def main(asked: str) -> None:
    if asked == "cat docker.service":
        print(_units())
    elif asked == "is-active --quiet docker":
        os.kill(_process(), 0)
    elif asked == "reload docker":
        os.kill(_process(), signal.SIGHUP)
    elif asked == "restart docker":
        _restart()
    elif asked != "daemon-reload":
        sys.exit(f"systemctl {asked}: not played here")


def _units() -> str:
    files = [_UNIT, *sorted(_DROP_INS.glob("*.conf"))]
    return "\n".join(f"# {file}\n{file.read_text()}" for file in files if file.exists())


def _process() -> int:
    return int(_PID_FILE.read_text())


def _restart() -> None:
    if _PID_FILE.exists():
        _end(_process())
    lines = _units().replace("\\\n", "").splitlines()
    start = [line.removeprefix("ExecStart=").split() for line in lines if line.startswith("ExecStart=")][-1]
    with Path("/tmp/dockerd.log").open("w") as log:
        subprocess.Popen(start, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + _SECONDS
    while subprocess.run(["docker", "version"], capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            sys.exit("dockerd does not come up")
        time.sleep(0.2)


def _end(process: int) -> None:
    try:
        os.kill(process, signal.SIGTERM)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + _SECONDS
    while Path(f"/proc/{process}").exists():
        if time.monotonic() > deadline:
            sys.exit("dockerd does not end")
        time.sleep(0.1)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
