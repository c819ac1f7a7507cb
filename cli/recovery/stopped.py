"""Starts stopped containers of the stack, for example after a `docker stop` or a killed backup."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cli.console import say
from cli.errors import CommandError
from cli.paths import ROOT
from cli.stack.stack import Stack
from preflight.engine_answer import Unanswered, engine_complaint, required_answer
from preflight.engine_objects import EngineObject, Kind
from stacks.layout import NEXUS

_WAIT = ROOT / "components" / "scripts" / "wait-until-writable.sh"


@dataclass(frozen=True)
class Stopped:
    """A container that is not running."""

    container: EngineObject
    status: str
    exit_code: int
    since: str

    def __str__(self) -> str:
        return f"{self.container.name} is stopped ({self.status}, exit code {self.exit_code}, since {self.since})"


def stopped(docker: Mapping[str, str], found: Iterable[EngineObject]) -> list[Stopped]:
    """The containers that are not running.

    Raises:
        CommandError: the engine does not say; the docker provider's refresh would delete a stopped one.
    """
    containers = {each.id: each for each in found if each.kind is Kind.CONTAINER}
    if not containers:
        return []
    asked = ("container", "inspect", "--format", "{{json .Id}}\t{{json .State}}", *containers)
    try:
        answer = required_answer(docker, *asked)
    except Unanswered as error:
        raise CommandError("containers", f"it is unknown whether they run ({error})", fix="docker ps --all") from None
    result = []
    for line in answer.splitlines():
        id_, state = map(json.loads, line.split("\t"))
        if not state["Running"]:
            since = str(state["FinishedAt"])[:19].replace("T", " ") + " UTC"
            result.append(Stopped(containers[id_], state["Status"], state["ExitCode"], since))
    return result


def start(stack: Stack, docker: Mapping[str, str], containers: Iterable[Stopped]) -> None:
    """Starts them, and waits until a Nexus among them answers, so that the refresh can read it.

    A container that does not start is only reported: the following `up` may fix it.
    """
    for each in containers:
        say(f"{each}: starting it ...")
        if complaint := engine_complaint(docker, "start", each.container.id):
            say(f"{each.container.name} does not start: {complaint}")
        elif each.container.role == NEXUS:
            _wait(stack, docker, each.container.name)


def _wait(stack: Stack, docker: Mapping[str, str], name: str) -> None:
    seconds = str(stack.settings.nexus.ready_timeout_seconds)
    environment = {**os.environ, **docker, "CONTAINER": name, "TIMEOUT_SECONDS": seconds}
    done = subprocess.run(["sh", _WAIT], env=environment, stdout=subprocess.DEVNULL, cwd=ROOT, check=False)
    if done.returncode:
        say(f"{name} does not answer; continuing without it")
