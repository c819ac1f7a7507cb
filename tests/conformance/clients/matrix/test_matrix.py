"""Every operation in every routing mode has its expected result; by path only ambiguous requests fail."""

import pytest
import requests

from tests.conformance.clients.conftest import results
from tests.conformance.clients.matrix import ctr, docker, go_clients, http, podman, skopeo  # noqa: F401 - they fill the list
from tests.conformance.clients.matrix.operation import OPERATIONS, Operation
from tests.conformance.clients.world import World
from tests.e2e.store.store import Failed


@pytest.fixture(scope="module", params=["path", "seed"])
def routing(request: pytest.FixtureRequest, world: World) -> str:
    world.store.configure("nginx.routing", request.param)
    world.store.make("up")
    return str(request.param)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation(world: World, routing: str, operation: Operation) -> None:
    row = results.setdefault(operation.name, {})
    expected = operation.works(routing)
    row[routing] = "FAIL" if expected else "-"
    if expected:
        operation.run(world)
        row[routing] = "ok"
        return
    try:
        operation.run(world)
    except (Failed, AssertionError, requests.RequestException):
        return
    row[routing] = "ok"
    pytest.fail("it works now: say so in its row")
