"""Stacks and states, for tests of recovery with the fake engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.docker import Docker
from cli.errors import InvalidStackFile
from cli.recovery.recovery import Recovery
from cli.stack.stack import Stack
from cli.stack.state import State
from preflight.engine_objects import engine_objects
from preflight.state_id import state_id
from stacks.stack_file import StackFile
from tests.commands.cli.recovery.conftest import Engine

FINGERPRINT = "SHA256:of-the-key"


ID, OTHER = state_id(FINGERPRINT), state_id("SHA256:of-another-key")


URN = "urn:pulumi:trial::repository-store::"


DATA = "repository-store-trial-nexus-data"


class OwnStack(Stack):
    """A stack of this machine, independent of .local."""

    is_own = True
    is_external = False
    declared: Mapping[str, Any] = {}

    @property
    def settings(self) -> StackFile:
        return Declared(self.declared)


class Declared(StackFile):
    """The settings of a file, without one."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(Path("none"), InvalidStackFile)
        self.__dict__["_settings"] = settings


class SharedStack(OwnStack):
    is_own = False


def of_engine(kind: str, name: str, id_: str, **more: Any) -> dict[str, Any]:
    type_ = f"docker:index/{kind}:{kind.capitalize()}"
    return {"type": type_, "urn": f"{URN}{type_}::{name}", "id": id_, "outputs": {"name": id_}, **more}


KEY = {
    "type": "tls:index/privateKey:PrivateKey",
    "urn": f"{URN}tls:index/privateKey:PrivateKey::nexus-initial-password",
    "outputs": {"publicKeyFingerprintSha256": FINGERPRINT},
}


IMAGE = {
    "type": "docker:index/remoteImage:RemoteImage",
    "urn": f"{URN}docker:index/remoteImage:RemoteImage::nginx-image",
    "outputs": {"imageId": "sha256:nginx", "name": "nginx"},
}


def recovery(engine: Engine, *resources: dict[str, Any], stack: Stack | None = None, **deployment: Any) -> Recovery:
    state = State({"version": 3, "deployment": {"resources": list(resources), **deployment}})
    found = engine_objects({}, "repository-store-trial-")
    return Recovery(stack or OwnStack("trial"), Docker(), {}, state, tuple(found))


def up(found: Recovery) -> None:
    with found.recovering():
        pass
