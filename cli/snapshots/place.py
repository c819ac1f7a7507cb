"""Where the snapshots of a stack are, by its stack file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.docker import Docker
from cli.errors import CommandError
from cli.stack.stack import PROJECT, Stack

if TYPE_CHECKING:
    from stacks.backup import Backup

_TAKEN = "%Y-%m-%dT%H-%M-%SZ"  # as snapshot.sh names them


@dataclass(frozen=True)
class Place:
    """`backup` of the stack file."""

    location: str
    """A folder of the docker host, or the name of a volume."""

    @property
    def is_folder(self) -> bool:
        return self.location.startswith("/")

    @property
    def mount(self) -> str:
        return f"type={'bind' if self.is_folder else 'volume'},source={self.location},target=/place"


def folder_of(stack: Stack) -> str:
    """The stack's folder below the place of the snapshots, which stacks may share."""
    return f"{PROJECT}-{stack.name}"


def folder_here(stack: Stack) -> Path | None:
    """The folder of the stack's snapshots, if it is on this host."""
    backup = stack.settings.backup
    if backup is None or not Place(backup.location).is_folder or not Docker(stack.docker_host).endpoint.is_local:
        return None
    return Path(backup.location) / folder_of(stack)


def names_in(folder: Path) -> list[str]:
    """The names of the snapshots, oldest first; snapshot.sh names them by their time."""
    return sorted(path.name for path in folder.glob("[0-9]*Z")) if folder.is_dir() else []


def taken_at(name: str) -> float:
    """When a snapshot was taken, by its name, in seconds since 1970."""
    return datetime.strptime(name, _TAKEN).replace(tzinfo=UTC).timestamp()


def backup_of(stack: Stack) -> "Backup":
    """`backup` of the stack file.

    Raises:
        CommandError: it has none.
    """
    if stack.is_external:
        raise CommandError("nexus.url", "an external Nexus is backed up by its operator")
    backup = stack.settings.backup
    if backup is None:
        raise CommandError(
            "backup.location",
            "missing",
            allowed="a folder of the docker host, like /srv/backups, or the name of a volume",
            fix=f"./store pulumi config set --stack {stack.name} --path backup.location /srv/backups",
        )
    return backup


def place_of(stack: Stack) -> Place:
    """The place of the snapshots.

    Raises:
        CommandError: the stack file names none.
    """
    return Place(backup_of(stack).location)
