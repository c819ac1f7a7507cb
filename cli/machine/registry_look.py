"""Whether a registry has an image, asked of the engine that would pull it and without pulling."""

import os
import subprocess

_SECONDS = 2


def registry_answers(image: str, host: str | None) -> bool:
    """Whether the engine finds the image in its registry within 2 s.

    The engine's API has a question for that which the docker command does not ask; `dial-stdio` leads to it for every
    kind of host.
    """
    request = f"GET /v1.40/distribution/{image}/json HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
    try:
        done = subprocess.run(
            ["docker", "system", "dial-stdio"],
            input=request.encode(),
            env={**os.environ, **({"DOCKER_HOST": host} if host else {})},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.split(b"\r\n", 1)[0].split(b" ")[1:2] == [b"200"]
