"""`doctor` prints a table of what is good, and of the command that fixes each problem; it changes nothing."""

import re
import threading
from collections.abc import Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import get_type_hints

from cli import doctor
from cli.commands.doctor import IN_ORDER, examined
from cli.doctor.applied import Applied
from cli.doctor.finding import CHECKS, Finding
from cli.errors import CommandError
from tests.unit.cli.doctor.examined import ADDRESS, DOCKER, rows
from tests.unit.cli.project import Project


def test_on_a_new_machine_each_missing_part_has_its_command(project: Project) -> None:
    done = project.run("doctor")
    found = rows(done.stdout)
    assert done.returncode == 1, done.stderr
    assert found["stack local"].startswith("✗")
    assert "not created yet" in found["stack local"]
    assert found["stack local"].rstrip().endswith("make up STACK=local")
    assert found["Docker engine"].startswith("✗")
    assert found["lock"].startswith("✓")
    assert project.calls == [["version"]]
    assert not (project.root / ".local").exists()
    assert done.stderr == ""


def test_an_old_engine_and_an_incomplete_stack_are_reported(project: Project) -> None:
    project.play("docker", DOCKER.format(version="19.03.15"))
    failed = project.run(*ADDRESS, FAIL_AT="2")
    assert failed.returncode == 1
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert "19.03.15 is older than 20.10" in found["Docker engine"]
    assert "partly created" in found["stack trial"]


def test_good_rows_need_no_command(project: Project) -> None:
    project.play("docker", DOCKER.format(version="29.0.1"))
    assert project.run(*ADDRESS).returncode == 0
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert found["Docker engine"].split() == [
        "✓",
        "Docker",
        "engine",
        "29.0.1",
        "at",
        f"unix://{project.root}/no-engine.sock",
        "(DOCKER_HOST)",
    ]
    assert found["Pulumi"].startswith("✓")
    assert found["state"].startswith("✓")
    assert "nothing is deployed" in found["stack trial"]


def test_an_outdated_pulumi_is_reported(project: Project) -> None:
    found = rows(project.run("doctor", VERSION="v3.199.0").stdout)["Pulumi"]
    assert found.startswith("✗")
    assert "v3.199.0" in found
    assert "is older than 3.200.0" in found


def test_the_state_is_exported_once_for_all_checks() -> None:
    asked = []
    state = Applied(lambda: asked.append(1))
    assert [state.state(), state.state()] == [None, None]
    assert asked == [1]


def test_a_check_that_hangs_or_fails_is_a_row() -> None:
    hangs = threading.Event()

    def failing() -> Iterator[Finding]:
        yield Finding("first", "well")
        raise CommandError("second", "broken")

    def hanging() -> Iterator[Finding]:
        hangs.wait()
        yield Finding("third", "well")

    found = examined({"late": hanging, "failing": failing}, seconds=0.2)
    assert [each.what for each in found] == ["late", "first", "failing"]
    assert found[0].detail == "no answer within 0.2 s"
    assert found[0].fix
    assert (found[2].detail, bool(found[2].fix)) == ("second: broken", True)
    hangs.set()


def generators(module: ModuleType) -> set[str]:
    """The public functions of a module that yield rows."""
    return {
        name
        for name, found in vars(module).items()
        if isfunction(found) and found.__module__ == module.__name__ and name[0] != "_"
        if get_type_hints(found).get("return") == Iterator[Finding]
    }


def test_each_function_that_yields_rows_is_a_check_or_called_by_one() -> None:
    modules = [import_module(f"cli.doctor.{each.name}") for each in iter_modules(doctor.__path__)]
    yielding = {module for module in modules if generators(module)}
    assert yielding == set(IN_ORDER), "IN_ORDER of cli/commands/doctor.py"
    decorated = {(each.find.__module__, each.find.__name__) for each in CHECKS}
    called = {
        (module.__name__, name)
        for module in modules
        for name in generators(module)
        if re.search(rf"yield from {name}\(", Path(str(module.__file__)).read_text())
    }
    every = {(module.__name__, name) for module in yielding for name in generators(module)}
    forgotten = sorted(every - decorated - called)
    assert not forgotten, f"without @check: {forgotten}"


def test_each_check_has_a_row_of_its_own() -> None:
    rows = [each.row for each in CHECKS]
    assert len(rows) == len(set(rows))
