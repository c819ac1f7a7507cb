"""Whether the engine of another host answers, before anything waits for it."""

import os
import subprocess
from urllib.parse import urlsplit

from nexus.problem import Problem
from preflight.engine_answer import run_docker
from preflight.engine_endpoint import EngineEndpoint
from stacks.layout import ENGINE_SECONDS

_ALLOWED = "a host with Docker 20.10 or newer that SSH reaches without a prompt"


def remote_engine_problem(endpoint: EngineEndpoint) -> Problem | None:
    """Why the engine on another host cannot be used; None if it answers."""
    seconds = int(os.environ.get("SECONDS_TO_ANSWER", ENGINE_SECONDS))
    reason = _reason(endpoint, seconds)
    if not reason:
        return None
    fix = f"make this work: ssh {_target(endpoint.host)} docker version (key, port and jump host: ~/.ssh/config)"
    return Problem(endpoint.source, reason, _ALLOWED, fix, endpoint.host)


def _reason(endpoint: EngineEndpoint, seconds: int) -> str:
    try:
        asked = run_docker(endpoint.environment, "version", "--format", "{{.Server.Version}}", seconds=seconds)
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds} s"
    except OSError:
        return "there is no docker command on this machine"
    return f"the engine does not answer: {_last_line(asked)}" if asked.returncode else ""


def _last_line(asked: subprocess.CompletedProcess[str]) -> str:
    """docker prints the output of ssh after `stderr=`."""
    lines = [line.rpartition("stderr=")[2].strip() for line in (asked.stderr + asked.stdout).splitlines()]
    return next((line for line in reversed(lines) if line), f"exit code {asked.returncode}")


def _target(host: str) -> str:
    """The URL as arguments of ssh."""
    url = urlsplit(host)
    return f"-p {url.port} {url.netloc.removesuffix(f':{url.port}')}" if url.port else url.netloc
