"""Two stand-ins for real clients: proxies of the near one read hosted repositories of the far one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server
from tests.support.real_clients.place import Place


@dataclass
class Pair:
    """In each format: `hosted` on both, and on the near one a `proxy` of the far one and a `group` of both."""

    near: Server
    far: Server

    def make(self, fmt: str, *, group: bool = True, **changes: Any) -> None:
        for server in (self.far, self.near):
            create(server, f"{fmt}/hosted", f"{fmt}-hosted", **changes)
        remote = f"{self.far.url}/repository/{fmt}-hosted/"
        create(self.near, f"{fmt}/proxy", f"{fmt}-proxy", remote=remote, **changes)
        if group:
            members = (f"{fmt}-hosted", f"{fmt}-proxy")
            create(self.near, f"{fmt}/group", f"{fmt}-group", members=members, **changes)

    @contextmanager
    def without_the_far_one(self) -> Iterator[None]:
        """Stops the far one inside the block, so that only the near one can serve content."""
        self.far.stop()
        try:
            yield
        finally:
            self.far.start()


def create(
    server: Server, recipe: str, name: str, remote: str = "", members: tuple[str, ...] = (), **changes: Any
) -> None:
    body = repository(recipe, name, remote, members)
    for part, value in changes.items():
        if part in body:
            body[part] = {**body[part], **value} if isinstance(value, dict) else value
    answer = server.rest("POST", f"repositories/{recipe}", json=body)
    assert answer.status_code == 201, answer.text


def url(server: Server, repository_name: str) -> str:
    return f"{server.url}/repository/{repository_name}/"


def password(server: Server) -> str:
    return (server.data / "admin.password").read_text()


def place(server: Server, repository_name: str) -> Place:
    """A repository with the admin's login."""
    return Place(url(server, repository_name), "admin", password(server))
