"""The host that the program runs on, as main.sh describes it in the environment."""

import sys
from pathlib import Path
from typing import List, Mapping, NamedTuple

DAEMON_JSON = "/etc/docker/daemon.json"
INSECURE_REGISTRIES = "insecure-registries"
"""The key of daemon.json."""


class Refusal(Exception):
    """The one line that the program ends with; what was there before is there again."""


def say(line: str) -> None:
    print(line, file=sys.stderr)


class Host(NamedTuple):
    """Where things are on it, and how long its dockerd may take."""

    root: str
    """Empty, or a folder that stands for / in tests."""
    store: str
    """The name of the store; several may change the same host."""
    registries: List[str]
    state: Path
    """What is known of the store's files there; the folder above it belongs to all stores."""
    wanted: Path
    """A list of the files that this run wants to be there, a line for each."""
    seconds_to_come_up: int
    seconds_to_reload: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Host":
        """From the variables of main.sh."""
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
        """Where a file of the host is, by its absolute path there."""
        return Path(self.root + name)

    def read(self, name: str) -> str:
        """Its text; empty where there is none."""
        path = self.path(name)
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
