"""dockerd is told not to verify only when somebody asks, and is never left unable to start."""

from pathlib import Path

import pytest

from tests.unit.clients.host import Host

JSON = "/etc/docker/daemon.json"
DROP_IN = "/etc/systemd/system/docker.service.d/zz-store-client.conf"
THEIRS = '{"log-driver":   "journald",\n "insecure-registries": ["10.0.0.0/8"]}'


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, "docker", "dockerd", "systemctl", "python3")


def test_nothing_is_insecure_without_being_asked_for(host: Host) -> None:
    host.install()
    assert not host.has(JSON)
    assert not host.has(DROP_IN)
    assert host.calls == []


def test_daemon_json_keeps_what_is_there_and_is_loaded_without_a_restart(host: Host) -> None:
    host.write(JSON, THEIRS)
    before = host.files
    host.install(INSECURE="daemonJson")
    assert host.json(JSON) == {"log-driver": "journald", "insecure-registries": ["10.0.0.0/8", "nexus.domain.org"]}
    assert "systemctl reload docker" in host.calls
    assert not any("restart" in call for call in host.calls)
    host.remove()
    assert host.files == before
    assert not any("restart" in call for call in host.calls)


def test_daemon_json_is_made_and_removed_where_there_is_none(host: Host) -> None:
    before = host.files
    host.install(INSECURE="daemonJson")
    assert host.json(JSON) == {"insecure-registries": ["nexus.domain.org"]}
    host.remove()
    assert host.files == before
    assert host.json("/loaded") == {"insecure-registries": []}


def test_a_second_install_does_not_reload(host: Host) -> None:
    host.install(INSECURE="daemonJson")
    calls = host.calls.count("systemctl reload docker")
    host.install(INSECURE="daemonJson")
    assert host.calls.count("systemctl reload docker") == calls


def test_keys_that_others_add_later_stay(host: Host) -> None:
    host.install(INSECURE="daemonJson")
    host.write(JSON, '{"insecure-registries": ["nexus.domain.org", "theirs.domain.org"], "debug": true}')
    host.remove()
    assert host.json(JSON) == {"insecure-registries": ["theirs.domain.org"], "debug": True}


def test_an_invalid_daemon_json_is_not_touched(host: Host) -> None:
    host.write(JSON, '{"debug": true,}')
    code, output = host.run("install", INSECURE="daemonJson")
    assert code != 0
    assert "daemon.json is no valid JSON" in output
    assert host.read(JSON) == '{"debug": true,}'
    assert not any("reload" in call for call in host.calls)


def test_what_dockerd_does_not_accept_is_not_written(host: Host) -> None:
    code, output = host.run("install", bad="nexus.domain.org", INSECURE="daemonJson")
    assert code != 0
    assert "dockerd does not accept the new /etc/docker/daemon.json: nothing was changed" in output
    assert not host.has(JSON)


def test_what_dockerd_does_not_take_is_rolled_back(host: Host) -> None:
    host.write(JSON, '{"debug": true}')
    before = host.files
    host.write("/deaf", "")
    code, output = host.run("install", INSECURE="daemonJson")
    assert code != 0
    assert "which is as it was again" in output
    assert host.read(JSON) == '{"debug": true}'
    (host.root / "deaf").unlink()
    host.remove()
    assert host.files == before


def test_after_a_roll_back_a_file_is_somebody_elses_alone(host: Host) -> None:
    host.write("/deaf", "")
    host.write(JSON, '{"debug": true}')
    assert host.run("install", INSECURE="daemonJson")[0] != 0
    host.write(JSON, THEIRS)
    host.install()
    assert host.read(JSON) == THEIRS
    host.remove()
    assert host.read(JSON) == THEIRS


def test_a_roll_back_to_what_others_made_of_it_leaves_that(host: Host) -> None:
    host.install(INSECURE="daemonJson")
    host.write(JSON, '{"debug":true}')
    host.write("/deaf", "")
    (host.root / "loaded").unlink()
    assert host.run("install", INSECURE="daemonJson")[0] != 0
    assert host.read(JSON) == '{"debug":true}'
    (host.root / "deaf").unlink()
    host.remove()
    assert host.read(JSON) == '{"debug":true}'


def test_daemon_json_is_refused_when_the_option_is_a_flag_already(host: Host) -> None:
    theirs = "[Service]\nExecStart=\nExecStart=/bin/true --insecure-registry=x\n"
    host.write("/etc/systemd/system/docker.service.d/docker.conf", theirs)
    code, output = host.run("install", INSECURE="daemonJson")
    assert code != 0
    assert "use insecureRegistry: systemdDropIn" in output
    assert not host.has(JSON)


def test_the_drop_in_adds_to_the_flags_that_are_there(host: Host) -> None:
    before = host.files
    host.install(INSECURE="systemdDropIn")
    assert host.read(DROP_IN) == (
        "[Service]\nExecStart=\nExecStart=/bin/true -H fd:// --debug --insecure-registry=nexus.domain.org\n"
    )
    assert host.calls.count("systemctl restart docker") == 1
    host.install(INSECURE="systemdDropIn")
    assert host.calls.count("systemctl restart docker") == 1
    host.remove()
    assert host.files == before
    assert host.calls.count("systemctl restart docker") == 2


def test_the_drop_in_comes_after_those_of_others(host: Host) -> None:
    theirs = "/etc/systemd/system/docker.service.d/docker.conf"
    host.write(theirs, "[Service]\nExecStart=\nExecStart=/bin/true -H tcp://0.0.0.0:2375\n")
    output = host.install(INSECURE="systemdDropIn")
    assert "whoever reaches that port is root on this host" in output
    assert "ExecStart=/bin/true -H tcp://0.0.0.0:2375 --insecure-registry=nexus.domain.org\n" in host.read(DROP_IN)
    host.remove()
    assert host.has(theirs)


def test_the_drop_in_is_refused_when_the_option_is_in_daemon_json_already(host: Host) -> None:
    host.write(JSON, THEIRS)
    code, output = host.run("install", INSECURE="systemdDropIn")
    assert code != 0
    assert "use insecureRegistry: daemonJson" in output
    assert not host.has(DROP_IN)


def test_a_dockerd_that_does_not_come_up_gets_its_old_flags_back(host: Host) -> None:
    before = host.files
    code, output = host.run("install", bad="--insecure-registry=nexus.domain.org", INSECURE="systemdDropIn")
    assert code != 0
    assert f"dockerd did not come up with {DROP_IN}" in output
    assert not host.has(DROP_IN)
    assert not host.has("/down")
    assert host.calls[-1] == "systemctl restart docker"
    host.remove()
    assert host.files == before


def test_one_way_takes_the_place_of_the_other(host: Host) -> None:
    before = host.files
    host.install(INSECURE="daemonJson")
    host.install(INSECURE="systemdDropIn")
    assert not host.has(JSON)
    assert host.has(DROP_IN)
    host.install(INSECURE="daemonJson")
    assert not host.has(DROP_IN)
    assert host.has(JSON)
    host.install()
    assert not host.has(JSON)
    host.remove()
    assert host.files == before


def test_without_systemd_the_drop_in_is_refused(tmp_path: Path) -> None:
    code, output = Host(tmp_path, "docker", "dockerd").run("install", INSECURE="systemdDropIn")
    assert code != 0
    assert "needs systemd" in output
