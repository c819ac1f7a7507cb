"""python -m tests.unit.program.tracing <CASE: prints the functions of ours that one object of a stack file crosses.

CASE has the `config` of the stack, the `kind` and `name` of the object, and in `before` the fields of its body that the
state and the server have otherwise; without it the object is new. The trace begins when the program reads the stack
file, and ends at the first request that creates or changes the object, or else with the provider's create. It runs in
its own process, since the SDK has global state and some of our functions keep their result.
"""

import asyncio
import importlib
import json
import sys
import threading
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import requests
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import set_all_config, set_mocks
from pulumi.runtime.stack import run_pulumi_func

from nexus.http import client
from nexus.provider import NexusProvider
from tests.unit.program.registering import PROJECT, STACK, imported, program
from tests.unit.program.upgrading import Engine, Monitor

ROOT = Path(__file__).parents[3]
_NOT_OURS = ("tests", ".venv")
_OPTIMIZED = 0x1  # of code objects; the body of a class has it not


class Trace:
    """The functions of the product that are called in any thread, as lines of file and qualified name.

    Lambdas, comprehensions and the bodies of modules and classes are part of the function that they are in.
    """

    def __init__(self) -> None:
        self.crossed: set[str] = set()
        self._is_ended = False

    def __enter__(self) -> "Trace":
        threading.setprofile(self._called)
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def end(self) -> None:
        """What is called from here on is not part of it."""
        self._is_ended = True

    def _called(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or self._is_ended or code.co_name.startswith("<") or not code.co_flags & _OPTIMIZED:
            return
        path = Path(code.co_filename)
        if path.is_relative_to(ROOT) and (ours := path.relative_to(ROOT)).parts[0] not in _NOT_OURS:
            self.crossed.add(f"{ours} {code.co_qualname}")


class Asked(BaseException):
    """The request that creates or changes the object, which is not answered."""


class Played(requests.adapters.BaseAdapter):
    """A Nexus with at most one object, which ends the trace when it is asked to create or change it."""

    def __init__(self, trace: Trace, there: Mapping[str, Any] | None) -> None:
        super().__init__()
        self._trace, self._there = trace, there

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        path = str(request.path_url).removeprefix("/service/rest")
        if request.method == "GET":
            return self._answer(request, *self._found(path))
        self._trace.end()
        raise Asked(f"{request.method} {path}")

    def _found(self, path: str) -> tuple[int, Any]:
        if path.endswith(("/repositorySettings", "source=default")):
            return 200, [self._there] if self._there else []
        if path.startswith(("/v1/security/realms", "/v1/status")):
            return 200, []
        return (200, self._there) if self._there else (404, None)

    @staticmethod
    def _answer(request: requests.PreparedRequest, status: int, content: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code = status
        answer.headers["Content-Type"] = "application/json"
        answer.raw = BytesIO(json.dumps(content).encode())
        answer.request = request
        return answer

    def close(self) -> None:
        """There is nothing to close."""


def registered(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The inputs with which the program registers its resources."""
    asyncio.set_event_loop(loop := asyncio.new_event_loop())
    engine = Engine({})
    monitor = Monitor(engine)
    set_mocks(engine, project=PROJECT, stack=STACK, preview=False, monitor=monitor)
    set_all_config(
        {f"{PROJECT}:{key}": given if isinstance(given, str) else json.dumps(given) for key, given in config.items()}
    )
    loop.run_until_complete(run_pulumi_func(program))
    return [inputs for inputs, _ in monitor.registered.values()]


def apply(inputs: dict[str, Any], before: Mapping[str, Any] | None, played: Played) -> None:
    """Has the provider create or update the object, as the engine does in an `up`."""
    session = requests.Session()
    session.mount("https://", played)
    with (
        patch.object(client, "session", lambda _: session),
        patch("socket.create_connection"),
    ):
        provider = NexusProvider()
        given = {"url": "https://nexus.domain.org", "password": "x"}
        provider.configure(ConfigureRequest(Config({f"{PROJECT}:{key}": each for key, each in given.items()}, PROJECT)))
        olds = {**inputs, "body": {**inputs["body"], **before}} if before else {}
        checked = provider.check(olds, inputs)
        assert not checked.failures, checked.failures
        if before:
            assert provider.diff("id", olds, checked.inputs).changes
            provider.update("id", olds, checked.inputs)
        else:
            provider.create(checked.inputs)


def traced(config: Mapping[str, Any], kind: str, name: str, before: Mapping[str, Any] | None) -> list[str]:
    """The request that creates or changes the object, if there is one, and the functions that were called before it."""
    request = ""
    for module in imported():  # what runs then is not part of the trace
        importlib.import_module(module)
    with Trace() as trace:
        found = registered(config)
        inputs = next(each for each in found if (each.get("kind"), each.get("name")) == (kind, name))
        there = {"name": name, "userId": name, **inputs, **inputs["body"], **before} if before else None
        try:
            apply(inputs, before, Played(trace, there))
        except Asked as asked:
            request = str(asked)
    return [request, *sorted(trace.crossed)]


if __name__ == "__main__":
    print("\n".join(traced(**json.load(sys.stdin))))
