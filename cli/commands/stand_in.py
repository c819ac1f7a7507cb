"""./store stand-in: the stand-in for Nexus alone, on loopback, until a signal ends it."""

import http.client
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from cli.errors import CommandError
from cli.machine.stand_in import ensure_stand_in
from cli.paths import given
from cli.process import Interrupted, running

_EXAMPLE = "make stand-in PORT=8081 DATA=/tmp/nexus-data GENERATION=3.97"
_SECONDS_TO_START = 30
_LOG_LINES = 5


def stand_in(port: str, data: str, generation: str, options: Sequence[str] = ()) -> None:
    """Serves from the folder `data`, which also gets the log; prints one line.

    `options` are passed to the program, for example `--allow-scripts`.

    Raises:
        CommandError: an option is invalid, or the program does not start.
    """
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65535):
        raise CommandError("PORT", "not a port", got=repr(port), allowed="a number from 1 to 65535", fix=_EXAMPLE)
    if not data:
        raise CommandError("DATA", "is missing", allowed="a folder for configuration and content", fix=_EXAMPLE)
    program, folder = ensure_stand_in(), given(data)
    folder.mkdir(parents=True, exist_ok=True)
    address = ["--address", f"127.0.0.1:{port}", "--connector-address", "127.0.0.1"]
    command: list[str | Path] = [program, "serve", "--data", folder, *address, "--generation", generation, *options]
    log = folder / "log"
    try:
        with log.open("wb") as output, running(command, stdout=output, stderr=output) as server:
            _wait(server, int(port), log)
            password = folder / "admin.password"
            first = f"; the first password of admin: {password}" if password.exists() else ""
            print(f"stand-in: Nexus {generation} answers at http://127.0.0.1:{port} (log: {log}{first})", flush=True)
            server.wait()
    except Interrupted:
        return


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
            raise CommandError("stand-in", "\n    ".join(["it did not start; the end of its log says why:", *last]))
        time.sleep(0.1)


def _answers(port: int) -> bool:
    """Bypasses the proxies of the environment."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/service/rest/v1/status")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
