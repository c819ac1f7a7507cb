"""What a store holds, before it is taken down: by its volume, and by its server if that answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from cli.errors import CommandError
from cli.recovery.serving import status_of
from cli.stack.server import client_of
from cli.stack.stack import Stack
from cli.stack.state import State
from cli.storage.held import Held, Repository, held
from cli.storage.shown import size
from nexus.errors import NexusError
from preflight.content import Content
from stacks.layout import NEXUS_TYPES

_SECONDS = 20.0
_NAMED = 5
_ON_VOLUME = ("file", "group")
_BLOB_STORE = f"{NEXUS_TYPES}BlobStore"


@dataclass(frozen=True)
class Stored:
    """What both say; None if it could not be asked."""

    volume: Content | None
    server: Held | None
    in_clouds: bool
    """Whether the state has a blob store that is not on the volume, and that only the server can count."""

    @property
    def is_nothing(self) -> bool:
        """Whether both are known to hold nothing: what could not be asked counts as content."""
        if self.volume is None or self.volume.files:
            return False
        return not self.in_clouds if self.server is None else not any(each.assets for each in self.server.repositories)

    @property
    def on_volume(self) -> str:
        return f"{self.volume or 'content that could not be read'}"

    @property
    def by_server(self) -> str:
        if self.server is None:
            return "the server does not answer, so repositories and artifacts could not be counted"
        full = [each for each in self.server.repositories if each.assets]
        named = ", ".join(map(_described, full[:_NAMED]))
        more = f" and {len(full) - _NAMED} more" if len(full) > _NAMED else ""
        return f"by the server, {_count(len(full), 'repository', 'repositories')} with content" + (
            f": {named}{more}" if full else ""
        )


def stored(stack: Stack, state: State, environment: Mapping[str, str], volume: Content | None) -> Stored:
    return Stored(volume, _by_server(stack, environment), _in_clouds(state))


def _in_clouds(state: State) -> bool:
    stores = (each for each in state.resources if str(each["type"]).endswith(_BLOB_STORE))
    return any((each.get("outputs") or {}).get("type") not in _ON_VOLUME for each in stores)


def _by_server(stack: Stack, environment: Mapping[str, str]) -> Held | None:
    """None if the server does not answer within seconds."""
    try:
        api = client_of(stack, environment)
        return held(api, _SECONDS) if status_of(api.connection) == "" else None
    except (NexusError, CommandError):
        return None


def _described(repository: Repository) -> str:
    more = "more than " if repository.has_more else ""
    return f"{repository.name} ({more}{_count(repository.assets, 'artifact', 'artifacts')}, {size(repository.size)})"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
