"""`doctor` says what is as it should be, and which command mends the rest; it makes nothing."""

from tests.unit.cli.project import Project

DOCKER = """#!/bin/sh
case "$1" in version) echo {version} ;; *) exit 1 ;; esac
"""


def rows(said: str) -> dict[str, str]:
    """Of the table, by what each row is about."""
    lines = [line for line in said.splitlines() if line[:1] in ("✓", "✗")]
    return {line[2:].strip().split("  ")[0]: line for line in lines}


def test_on_a_new_machine_everything_that_is_missing_has_its_command(project: Project) -> None:
    done = project.run("doctor")
    found = rows(done.stdout)
    assert done.returncode == 1, done.stderr
    assert found["stack local"].startswith("✗")
    assert "not made yet" in found["stack local"]
    assert found["stack local"].rstrip().endswith("make up STACK=local")
    assert found["Docker engine"].startswith("✗")
    assert found["lock"].startswith("✓")
    assert project.calls == [["version"]]
    assert not (project.root / ".local").exists()


def test_an_old_engine_and_a_stack_that_is_half_made_are_named(project: Project) -> None:
    project.play("docker", DOCKER.format(version="19.03.15"))
    failed = project.run("new-stack", "trial", "--set", "address=198.18.1.1", FAIL_AT="2")
    assert failed.returncode == 1
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert "19.03.15 is older than 20.10" in found["Docker engine"]
    assert "half made" in found["stack trial"]


def test_what_is_as_it_should_be_needs_no_command(project: Project) -> None:
    project.play("docker", DOCKER.format(version="29.0.1"))
    assert project.run("new-stack", "trial", "--set", "address=198.18.1.1").returncode == 0
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert found["Docker engine"].split() == ["✓", "Docker", "engine", "29.0.1"]
    assert "nothing of it is deployed" in found["stack trial"]


DF = """#!/bin/sh
case "$1" in
version) echo 29.0.1 ;;
exec) echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
    echo '/dev/sda1 {total} 1 {free} 9% /nexus-data' ;;
*) exit 1 ;;
esac
"""


def test_a_disk_that_is_nearly_full_is_named_with_what_frees_it(project: Project) -> None:
    project.play("docker", DF.format(total=100 << 20, free=50 << 20))
    assert "50.0 GiB of 100 GiB are free" in rows(project.run("doctor").stdout)["disk"]
    project.play("docker", DF.format(total=100 << 20, free=5 << 20))
    found = rows(project.run("doctor").stdout)["disk"]
    assert found.startswith("✗")
    assert found.rstrip().endswith("make storage STACK=local CLEAN=1")
