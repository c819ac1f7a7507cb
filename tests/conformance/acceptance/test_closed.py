"""How closed paths are tried, with plain HTTP servers in place of the core and of nginx."""

from collections.abc import Iterator

import pytest

from tests.conformance.acceptance.closed import CONTENT, DOOR, OPEN, ClosedForAllError, Place, compared
from tests.integration.programs.nginx.server import Answer, Echo


@pytest.fixture
def servers() -> Iterator[tuple[Echo, Echo]]:
    core, front = Echo(), Echo()
    core.answer = lambda request: Answer(body=CONTENT if request.path == DOOR else b"{}")
    yield core, front
    core.stop()
    front.stop()


def test_an_nginx_that_lets_nothing_through_shows_nothing(servers: tuple[Echo, Echo]) -> None:
    servers[1].answer = lambda _: Answer(502, body=b"Bad Gateway")
    core, front = (Place("127.0.0.1", server.port, "nexus.domain.org") for server in servers)
    with pytest.raises(ClosedForAllError, match=f"{OPEN} does not get through nginx .*502"):
        compared(core, front, "secret")
