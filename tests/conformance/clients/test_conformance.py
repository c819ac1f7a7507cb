"""nginx does not break the registry protocol: cases that pass at the repository's own port also pass through nginx."""

import pytest

from tests.conformance.clients.conformance import Report, conformance
from tests.conformance.clients.conftest import lines
from tests.conformance.clients.world import World

# Without a login, uploads and deletions, hardly any cases could be compared.
_AT_LEAST = 250


@pytest.fixture(scope="module")
def direct(world: World) -> Report:
    world.store.configure("nginx.routing", "path")
    world.store.make("up")
    found = conformance(world, world.connector, "conformance/direct", tls=False)
    lines.append(f"at the private repository's own port: {found}")
    return found


def test_no_case_fails_because_of_nginx(world: World, direct: Report) -> None:
    through = conformance(world, world.registry, "conformance/nginx", tls=True)
    lines.append(f"through nginx by path: {through}")
    assert direct.count("passed") > _AT_LEAST
    assert set(through.cases) == set(direct.cases)
    assert through.failures_beside(direct) == []
