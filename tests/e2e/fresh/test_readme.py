"""The README's commands, one after another, on a fresh machine with cold caches."""

import json
import re
from pathlib import Path

import pytest

from cli.machine.cache import FILES, finished
from lab.toolchain.parts import PARTS
from tests.e2e.fresh.conftest import BUNDLE, CACHE, ROOT, First
from tests.e2e.fresh.machine.machine import Machine
from tests.e2e.fresh.machine.root_file_system import PREREQUISITES
from tests.e2e.fresh.store import IMAGE, containers, left_behind, outputs

HASHES = {"digest", "annotations"}
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)


@pytest.fixture(scope="module")
def machine(first: First) -> Machine:
    return first.machine


def blocks() -> list[str]:
    return BLOCK.findall((ROOT / "README.md").read_text())


def test_the_machine_has_only_the_prerequisites_that_the_readme_names() -> None:
    sentence = re.search(r"^It needs .*?\.$", (ROOT / "README.md").read_text(), re.S | re.M)
    assert sentence, "the README does not say what `make up` needs"
    named = re.findall(r"`([a-z0-9-]+)`", sentence[0])
    assert sorted(named) == sorted(PREREQUISITES)


def test_the_machine_has_no_program_of_the_outer_machine(machine: Machine) -> None:
    for program in ("docker", "dockerd", "go", "pulumi", "node", "jq", "curl", "iptables", "mmdebstrap", "uv"):
        assert machine.outcome(f"command -v {program}", folder="/")[0], program


def test_make_up_deploys_a_store_from_nothing(first: First) -> None:
    assert blocks()[0].split("\n")[0] == "make up"
    assert "The store is at https://nexus.store.test" in first.up()


def test_the_outputs_are_json_that_other_programs_read(first: First, machine: Machine) -> None:
    first.up()
    values = outputs(machine)
    assert values["url"] == "https://nexus.store.test"
    assert values["docker_registry"] == "nexus.store.test"


def test_the_licence_is_accepted_as_the_readme_says(first: First, machine: Machine) -> None:
    """On the stand-in, which does not need it; tests/e2e/store/test_licence.py has one that does."""
    first.up()
    assert "acceptEula" in blocks()[1]
    machine.run(f"set -e\n{blocks()[1]}")
    assert outputs(machine)["eula_accepted"] is True


def test_docker_logs_in_pushes_and_pulls_as_the_readme_says(first: First, machine: Machine) -> None:
    first.up()
    machine.run(f"tar --create --directory /etc hostname | docker import - {IMAGE}")
    assert blocks()[2].count("docker ") == 4
    machine.run(f"set -e\n{blocks()[2]}", environment={"IMAGE": IMAGE})
    machine.run(f"docker rmi nexus.store.test/team/app:1 {IMAGE}")  # `make down` leaves the user's own images


def test_what_is_deployed_is_what_its_provenance_names(first: First, machine: Machine) -> None:
    first.up()
    _, table = machine.outcome("./store doctor --json 2>/dev/null")
    (row,) = (check for check in json.loads(table)["checks"] if check["name"] == "provenance")
    assert (row["ok"], row["detail"]) == (True, f"{len(PARTS) + 2} statements name what is deployed")
    for entry in ("toolchain-*/provenance/resource-docker", "provenance-nginx-*/nginx-*"):
        (file,) = machine.path(CACHE).glob(f"{entry}.intoto.json")
        definition = json.loads(file.read_text())["predicate"]["buildDefinition"]
        without = [each for each in definition["resolvedDependencies"] if not each.keys() & {"digest", "annotations"}]
        # Go's library comes with Go, and modules of ours are files in the list.
        assert [
            each["uri"] for each in without if not re.search("golang/stdlib|repository-store/|/shim@", each["uri"])
        ] == []


def test_a_preview_shows_no_changes(first: First, machine: Machine) -> None:
    first.up()
    output = machine.run("make preview")
    assert re.search(r"nothing to change|\d+ unchanged", output), output
    assert not re.search(r"\d+ to (create|update|replace|delete)|\d+ changes", output), output


def test_a_second_make_up_changes_nothing(first: First, machine: Machine) -> None:
    first.up()
    before = containers(machine)
    machine.run("make up")
    assert containers(machine) == before


def test_other_tiers_get_what_was_built(first: First, machine: Machine) -> None:
    first.up()
    built = {path.parent.name for path in machine.path(CACHE).glob(f"*/{FILES}")}
    assert {name.rpartition("-")[0] for name in built} >= {part.module.name for part in PARTS}
    assert [name for name in built if not finished(name)] == []


def test_make_down_asks_before_it_removes_what_was_pushed(first: First, machine: Machine) -> None:
    first.up()
    code, output = machine.outcome("make down")
    assert code
    assert "repository-store-local-nexus-data holds" in output
    assert "make down STACK=local YES=1" in output
    assert outputs(machine)["url"]


def test_nothing_is_left_after_make_down(first: First, machine: Machine) -> None:
    first.down()
    assert left_behind(machine) == []


def test_a_second_clone_uses_the_cache_and_builds_nothing(first: First, machine: Machine) -> None:
    first.down()
    cache = machine.path(CACHE)
    before = _folders(cache)
    assert before
    machine.run(f"git clone --quiet {BUNDLE} second", folder="/root")
    machine.run("make up", folder="/root/second")
    assert _folders(cache) == before
    machine.run("make down", folder="/root/second")
    assert left_behind(machine) == []


def _folders(cache: Path) -> dict[str, int]:
    """The inodes of everything that was built, also of the tars of root file systems."""
    return {entry.name: entry.stat().st_ino for entry in cache.iterdir() if entry.is_dir() or entry.suffix == ".tar"}
