"""./store audit: who changed what on the server, from Nexus's own audit log."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cli.audit.files import FOLDER, lines
from cli.audit.record import Record
from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.stack import known
from cli.stack.stack import Stack
from stacks import layout


def audit(name: str, *, days: int = 1, user: str = "", about: str = "", as_json: bool = False) -> None:
    """Prints the records of the last days, oldest first: formatted, or as Nexus wrote them.

    Raises:
        CommandError: the log cannot be reached from here.
    """
    stack = Stack(name)
    known.require_file(stack)
    if stack.is_external:
        raise CommandError(
            f"STACK={name}",
            "its Nexus is external, and the API does not serve the audit log",
            allowed="log/audit/audit.log in the data directory of that Nexus",
        )
    container = stack.docker_name(layout.NEXUS)
    docker = Docker(stack.docker_host)
    if docker.field(container, "{{.State.Running}}") != "true":
        raise CommandError(f"STACK={name}", f"{container} is not running", fix=f"make up STACK={name}")
    found = list(_records(docker, container, datetime.now(UTC) - timedelta(days=days), user, about))
    for each in found:
        print(each.text if as_json else each.shown())
    if not found:
        say(f"no record of the last {days * 24} hours in {FOLDER} of {container} matches")


def _records(docker: Docker, container: str, since: datetime, user: str, about: str) -> Iterator[Record]:
    for text in lines(docker, container, since):
        found = Record.parse(text)
        if found is None or found.at < since or (user and found.user != user):
            continue
        if not about or found.domain == about or found.domain.startswith(f"{about}."):
            yield found
