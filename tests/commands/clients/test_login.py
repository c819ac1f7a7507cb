"""A login is stored in docker's config file, readable only by its owner, and is removed with the client."""

from pathlib import Path

import pytest

from tests.commands.clients.host import Host

CONFIG = "/root/.docker/config.json"
JENKINS = {"LOGIN_USER": "jenkins", "PASSWORD": "right"}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, "docker")


def test_the_login_is_in_a_file_of_mode_0600(host: Host) -> None:
    before = host.files
    host.install(**JENKINS)
    assert host.json(CONFIG) == {"auths": {"nexus.domain.org": {"auth": "jenkins"}}}
    assert (host.root / "root/.docker/config.json").stat().st_mode & 0o777 == 0o600
    assert (host.root / "root/.docker").stat().st_mode & 0o777 == 0o700
    host.remove()
    assert host.files == before


def test_an_existing_file_is_restored_byte_for_byte(host: Host) -> None:
    theirs = '{"auths":{"other.domain.org":{"auth":"dGhlaXJz"}},\n"psFormat": "table"}'
    host.write(CONFIG, theirs)
    before = host.files
    host.install(**JENKINS)
    host.remove()
    assert host.read(CONFIG) == theirs
    assert host.files == before


def test_a_login_that_is_no_longer_wanted_is_a_logout(host: Host) -> None:
    host.install(**JENKINS)
    host.install()
    assert not host.has(CONFIG)


def test_later_changes_of_others_are_kept(host: Host) -> None:
    host.install(**JENKINS)
    host.write(CONFIG, '{"auths": {"nexus.domain.org": {}}, "psFormat": "table"}')
    host.remove()
    assert host.json(CONFIG) == {"auths": {}}  # left by docker logout


def test_a_wrong_password_is_reported_and_not_shown(host: Host) -> None:
    code, output = host.run("install", LOGIN_USER="jenkins", PASSWORD="hunter2")
    assert code != 0
    assert "login to nexus.domain.org as jenkins: unauthorized" in output
    assert "hunter2" not in output


def test_a_missing_program_for_the_login_is_reported(tmp_path: Path) -> None:
    code, output = Host(tmp_path).run("install", **JENKINS)
    assert code != 0
    assert "neither docker nor podman" in output
