"""Asks the engine whether a registry has an image, without pulling it."""

import subprocess

from cli.docker import Docker

_SECONDS = 2


def registry_answers(image: str, host: str | None) -> bool:
    """Whether the engine finds the image in its registry within 2 s.

    The docker command has no subcommand for this request of the engine's API; `dial-stdio` reaches the API of any host.
    """
    request = f"GET /distribution/{image}/json HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
    try:
        done = subprocess.run(
            ["docker", "system", "dial-stdio"],
            input=request.encode(),
            env=Docker(host).environment,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.split(b"\r\n", 1)[0].split(b" ")[1:2] == [b"200"]
