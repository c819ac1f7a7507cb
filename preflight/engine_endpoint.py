"""Where the stack's engine is. No other module reads DOCKER_HOST or docker's contexts."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexus.problem import Problem
from stacks.patterns import DOCKER_HOST_ALLOWED, SSH_OPTION_PATTERN
from stacks.rules.shown import shown

DEFAULT = "unix:///var/run/docker.sock"
_STACK_FILE, _HOST, _CONTEXT, _CURRENT, _USUAL = "docker.host", "DOCKER_HOST", "DOCKER_CONTEXT", "docker context", ""
_DEFAULT_CONTEXT = "docker context use default"
_FIXES = {
    _STACK_FILE: f"pulumi config set --path {_STACK_FILE} VALUE",
    _HOST: f"unset {_HOST}",
    _CONTEXT: f"unset {_CONTEXT}",
}


class NoEndpoint(Exception):
    """The given context names no endpoint that can be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class EngineEndpoint:
    """The address of an engine."""

    host: str
    """Like `unix:///var/run/docker.sock` or `ssh://deploy@nexus.domain.org`; as DOCKER_HOST also `tcp://...`."""
    source: str = _USUAL
    """What names it: `docker.host`, DOCKER_HOST, DOCKER_CONTEXT or `docker context`; empty for docker's own default."""

    def __str__(self) -> str:
        return f"{self.host} ({self.source or 'the default'})"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a docker command uses it, whatever context is in use."""
        return {_HOST: self.host}

    @property
    def given(self) -> str | None:
        """The host for Pulumi's provider; None for the default, which is its own too, and which no older state has."""
        return self.host if self.source else None

    @property
    def is_local(self) -> bool:
        return self.host.startswith("unix://")


def engine_endpoint(declared: str | None, environment: Mapping[str, str] = os.environ) -> EngineEndpoint:
    """The endpoint: `docker.host` of the stack file if it is declared, else what the docker command uses.

    Raises:
        NoEndpoint: docker's context does not exist, its endpoint needs files that only the docker command reads, or
            ssh would take a part of the endpoint for an option.
    """
    found = _named(declared, environment)
    if is_option(found.host):
        fix = _FIXES.get(found.source, _DEFAULT_CONTEXT)
        raise NoEndpoint(Problem(found.source, "invalid value", DOCKER_HOST_ALLOWED, fix, shown(found.host)))
    return found


def is_option(host: str) -> bool:
    """Whether ssh would take the user or the host for an option."""
    return bool(re.match(SSH_OPTION_PATTERN, host))


def _named(declared: str | None, environment: Mapping[str, str]) -> EngineEndpoint:
    if declared:
        return EngineEndpoint(declared, _STACK_FILE)
    if host := environment.get(_HOST):
        return EngineEndpoint(host, _HOST)
    folder = Path(environment.get("DOCKER_CONFIG") or Path(environment.get("HOME") or Path.home()) / ".docker")
    context, source = environment.get(_CONTEXT), _CONTEXT
    if not context:
        context, source = _document(folder / "config.json").get("currentContext"), _CURRENT
    if not context or context == "default":
        return EngineEndpoint(DEFAULT)
    return EngineEndpoint(_host_of(str(context), folder, source), source)


def _host_of(context: str, folder: Path, source: str) -> str:
    meta = folder / "contexts" / "meta" / hashlib.sha256(context.encode()).hexdigest() / "meta.json"
    host = str(_document(meta).get("Endpoints", {}).get("docker", {}).get("Host") or "")
    if host.startswith(("unix://", "ssh://")):
        return host
    fix = _FIXES.get(source, _DEFAULT_CONTEXT)
    if not host:
        raise NoEndpoint(Problem(source, "there is no such context", "one of docker context ls", fix, context))
    problem = f"the endpoint {host} of this context cannot be used"
    fix += ", and for TLS: export DOCKER_HOST, DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH"
    raise NoEndpoint(Problem(source, problem, DOCKER_HOST_ALLOWED, fix, context))


def _document(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, Mapping) else {}
