"""The host that the program runs on, described by the variables of insecure.sh."""

import sys
from pathlib import Path
from typing import List, Mapping, NamedTuple

DAEMON_JSON = "/etc/docker/daemon.json"
INSECURE_REGISTRIES = "insecure-registries"
"""The key of daemon.json."""


class Refusal(Exception):
    """Ends the program with this line, after its changes are undone."""


def say(line: str) -> None:
    print(line, file=sys.stderr)


class Host(NamedTuple):
    """Its paths, the store, and time limits for dockerd."""

    root: str
    """Empty, or in tests a folder that stands for /."""
    store: str
    """The name of the store; a host may have several."""
    registries: List[str]
    state: Path
    """The folder with backups and digests of the files that this store changed; its parent belongs to all stores."""
    wanted: Path
    """A file that lists what this run installs, one path per line."""
    seconds_to_come_up: int
    seconds_to_reload: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Host":
        """From the variables that insecure.sh sets."""
        return cls(
            root=environment.get("ROOT", ""),
            store=environment["STORE"],
            registries=environment["REGISTRIES"].split(),
            state=Path(environment["STATE"]),
            wanted=Path(environment["WANTED"]),
            seconds_to_come_up=int(environment.get("SECONDS_TO_COME_UP", "60")),
            seconds_to_reload=int(environment.get("SECONDS_TO_RELOAD", "15")),
        )

    def path(self, name: str) -> Path:
        """The file with this absolute path on the host."""
        return Path(self.root + name)

    def read(self, name: str) -> str:
        """The text of that file; empty if there is none."""
        path = self.path(name)
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
