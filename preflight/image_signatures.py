"""Has cosign verify who signed the images of a stack, before anything is registered and the engine pulls them."""

import re
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from nexus.problem import Problem
from preflight.child_environment import child_environment
from stacks.image_signatures import ImageSignatures

_SECONDS = 120
_KEY = "imageSignatures"
_PREFIXES = ("Error: ", "error during command execution: ")
_AGAIN = "then run the command again"


def unverified(images: Mapping[str, str], signatures: ImageSignatures) -> list[Problem]:
    """A problem for each image, by its key of the stack file, whose signature is not what is asked for.

    One problem in all if cosign cannot be run.
    """
    try:
        with ThreadPoolExecutor() as pool:  # each waits for the registry
            found = list(pool.map(lambda key: _problem(key, images[key], signatures), images))
    except OSError:
        allowed = "cosign 2 or newer on PATH, which verifies the images"
        return [Problem(_KEY, "there is no cosign command on this machine", allowed, f"install cosign, {_AGAIN}")]
    return [problem for problem in found if problem]


def _problem(key: str, image: str, signatures: ImageSignatures) -> Problem | None:
    reason = _reason(image, signatures)
    if not reason:
        return None
    fix = f"set an image that its owner has signed, or correct {_KEY}, {_AGAIN}"
    return Problem(key, f"cosign does not verify this image: {reason}", fix=fix, got=image)


def _reason(image: str, signatures: ImageSignatures) -> str:
    """Empty if the signature is right."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and an image that the settings' pattern has accepted
            ["cosign", "verify", "--output=text", *signatures.options, image],  # noqa: S607 - the one on PATH
            env=child_environment(signatures.variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} s"
    return _error(done) if done.returncode else ""


def _error(done: subprocess.CompletedProcess[str]) -> str:
    """The first line that has one of cosign's prefixes, without it; the last line if none has."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(_PREFIXES)]
    found = (errors or lines[-1:] or [f"exit code {done.returncode}"])[0]
    return re.sub("|".join(f"^{prefix}" for prefix in _PREFIXES), "", found)
