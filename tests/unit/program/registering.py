"""python -m tests.unit.program.registering <CONFIG: runs the program without an engine and prints its resources.

Runs in its own process, since the SDK has global state.
"""

import ast
import asyncio
import json
import runpy
import sys
from pathlib import Path
from typing import Any

from pulumi.runtime import set_all_config, set_mocks
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.stack import run_pulumi_func

PROGRAM = Path(__file__).parents[3] / "__main__.py"
PROJECT, STACK = "repository-store", "test"
# Outputs of other resources that the program reads.
TEXTS = ("privateKeyPem", "publicKeyFingerprintSha256", "privateKeyPemPkcs8", "certPem", "certRequestPem", "stdout")
OUTPUTS = {**{key: key for key in TEXTS}, "imageId": "sha256:image", "validityEndTime": "2036-01-01T00:00:00Z"}


class Engine(Mocks):
    """Creates every resource at once."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return f"{args.name}-id", {**OUTPUTS, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return {}, None


class Monitor(MockMonitor):
    """Records the properties whose change would affect existing states."""

    def __init__(self) -> None:
        super().__init__(Engine())
        self.lines: list[str] = []

    def RegisterResource(self, request: Any) -> Any:
        self.lines.append(_line(self.make_urn(request.parent, request.type, request.name), request))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK gives it no types


def _line(urn: str, request: Any) -> str:
    words = [urn.split("::", 2)[2].removeprefix("pulumi:pulumi:Stack$")]
    name = request.object.fields["name"].string_value if request.type.startswith("docker:") else ""
    words += [f"as {name}"] if name.startswith(PROJECT) else []
    words += [f"with {each} of the host" for each in _host_folders(request.object.fields)]
    words += ["protected"] if request.protect else []
    words += ["left behind"] if request.retainOnDelete else []
    words += [f"goes with {request.deletedWith.rsplit('::', 1)[1]}"] if request.deletedWith else []
    return ", ".join(words)


def _host_folders(inputs: Any) -> list[str]:
    """The host folders that a container mounts."""
    mounts = [each.struct_value.fields for each in inputs["volumes"].list_value.values] if "volumes" in inputs else []
    return [each["hostPath"].string_value for each in mounts if "hostPath" in each]


def imported() -> list[str]:
    """The modules that the program imports."""
    statements = ast.parse(PROGRAM.read_text()).body
    return [each.module for each in statements if isinstance(each, ast.ImportFrom) and each.module]


def registered(config: dict[str, Any]) -> list[str]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    monitor = Monitor()
    set_mocks(monitor.mocks, project=PROJECT, stack=STACK, preview=False, monitor=monitor)
    set_all_config(
        {f"{PROJECT}:{key}": given if isinstance(given, str) else json.dumps(given) for key, given in config.items()}
    )
    loop.run_until_complete(run_pulumi_func(program))
    return sorted(monitor.lines)


def program() -> None:
    runpy.run_path(str(PROGRAM))


if __name__ == "__main__":
    print("\n".join(registered(json.load(sys.stdin))))
