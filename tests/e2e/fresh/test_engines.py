"""The store works with an engine without docker0, and with another address of docker0."""

import json

import pytest

from tests.e2e.fresh.conftest import MakeMachine
from tests.e2e.fresh.store import push_and_pull


@pytest.mark.parametrize(
    ("name", "configuration"),
    [("without-docker0", {"bridge": "none"}), ("another-docker0", {"bip": "10.99.0.1/24"})],
)
def test_the_store_works_without_docker0_and_with_another_address_of_it(
    name: str, configuration: dict[str, str], make_machine: MakeMachine
) -> None:
    with make_machine(name) as machine:
        folder = machine.path("/etc/docker")
        folder.mkdir(exist_ok=True)
        (folder / "daemon.json").write_text(json.dumps(configuration))
        machine.run("make up")
        push_and_pull(machine)
        machine.run("make down YES=1")
