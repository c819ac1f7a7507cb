"""dockerd skips verification only on request, and is never left unable to start."""

from pathlib import Path

import pytest

from tests.commands.clients.host import Host

JSON = "/etc/docker/daemon.json"
DROP_IN = "/etc/systemd/system/docker.service.d/zz-store-client.conf"
THEIRS = '{"log-driver":   "journald",\n "insecure-registries": ["10.0.0.0/8"]}'


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, "docker", "dockerd", "systemctl", "python3")


def test_nothing_is_insecure_by_default(host: Host) -> None:
    host.install()
    assert not host.has(JSON)
    assert not host.has(DROP_IN)
    assert host.calls == []


def test_daemon_json_keeps_other_keys_and_is_loaded_without_a_restart(host: Host) -> None:
    host.write(JSON, THEIRS)
    before = host.files
    host.install(INSECURE="daemonJson")
    assert host.json(JSON) == {"log-driver": "journald", "insecure-registries": ["10.0.0.0/8", "nexus.domain.org"]}
    assert "systemctl reload docker" in host.calls
    assert not any("restart" in call for call in host.calls)
    host.remove()
    assert host.files == before
    assert not any("restart" in call for call in host.calls)


def test_a_missing_daemon_json_is_created_and_removed_again(host: Host) -> None:
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


def test_keys_that_others_add_later_are_kept(host: Host) -> None:
    host.install(INSECURE="daemonJson")
    host.write(JSON, '{"insecure-registries": ["nexus.domain.org", "theirs.domain.org"], "debug": true}')
    host.remove()
    assert host.json(JSON) == {"insecure-registries": ["theirs.domain.org"], "debug": True}


def test_an_invalid_daemon_json_is_not_changed(host: Host) -> None:
    host.write(JSON, '{"debug": true,}')
    code, output = host.run("install", INSECURE="daemonJson")
    assert code != 0
    assert "daemon.json is not valid JSON" in output
    assert host.read(JSON) == '{"debug": true,}'
    assert not any("reload" in call for call in host.calls)


def test_a_configuration_that_dockerd_refuses_is_not_written(host: Host) -> None:
    code, output = host.run("install", bad="nexus.domain.org", INSECURE="daemonJson")
    assert code != 0
    assert "dockerd does not accept the new /etc/docker/daemon.json: nothing was changed" in output
    assert not host.has(JSON)


def test_a_change_that_dockerd_does_not_load_is_rolled_back(host: Host) -> None:
    host.write(JSON, '{"debug": true}')
    before = host.files
    host.write("/deaf", "")
    code, output = host.run("install", INSECURE="daemonJson")
    assert code != 0
    assert "the previous file is restored" in output
    assert host.read(JSON) == '{"debug": true}'
    (host.root / "deaf").unlink()
    host.remove()
    assert host.files == before


def test_after_a_rollback_the_file_belongs_to_others(host: Host) -> None:
    host.write("/deaf", "")
    host.write(JSON, '{"debug": true}')
    assert host.run("install", INSECURE="daemonJson")[0] != 0
    host.write(JSON, THEIRS)
    host.install()
    assert host.read(JSON) == THEIRS
    host.remove()
    assert host.read(JSON) == THEIRS


def test_a_rollback_keeps_changes_of_others(host: Host) -> None:
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


def test_the_drop_in_adds_to_existing_flags(host: Host) -> None:
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


def test_the_drop_in_sorts_after_those_of_others(host: Host) -> None:
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


def test_a_dockerd_that_does_not_start_gets_its_old_flags_back(host: Host) -> None:
    before = host.files
    code, output = host.run("install", bad="--insecure-registry=nexus.domain.org", INSECURE="systemdDropIn")
    assert code != 0
    assert f"dockerd did not come up with {DROP_IN}" in output
    assert not host.has(DROP_IN)
    assert not host.has("/down")
    assert host.calls[-1] == "systemctl restart docker"
    host.remove()
    assert host.files == before


def test_daemon_json_and_drop_in_replace_each_other(host: Host) -> None:
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
    code, output = Host(tmp_path, "docker", "dockerd", "python3").run("install", INSECURE="systemdDropIn")
    assert code != 0
    assert "needs systemd" in output


def test_root_imports_no_module_from_the_current_folder(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current folder is the home of the user who is logged in over SSH."""
    (tmp_path / "json.py").write_text("raise SystemExit('run by root')")
    monkeypatch.chdir(tmp_path)
    host.install(INSECURE="daemonJson")
    assert host.json(JSON) == {"insecure-registries": ["nexus.domain.org"]}


@pytest.mark.parametrize("way", ["daemonJson", "systemdDropIn"])
def test_without_python_it_is_refused_before_docker_is_touched(tmp_path: Path, way: str) -> None:
    host = Host(tmp_path, "docker", "dockerd", "systemctl")
    code, output = host.run("install", INSECURE=way)
    assert code != 0
    assert "clients.*.insecureRegistry: Python is missing on this host (allowed 3.6 or newer). Fix: install" in output
    assert not any(host.has(file) for file in (JSON, DROP_IN))
    assert host.calls == []


# Leftovers of an older release, which used shell, on a host with THEIRS_ALONE in daemon.json.
THEIRS_ALONE = '{"log-driver":   "journald"}'
STATE = "/var/lib/repository-store/store-client"
LEFT = {
    "daemonJson": {
        JSON: '{\n  "log-driver": "journald",\n  "insecure-registries": [\n    "nexus.domain.org"\n  ]\n}\n',
        f"{STATE}/before{JSON}": THEIRS_ALONE,
        f"{STATE}/after{JSON}": "38465e140106b00c6faf0b1091224c3d71260c52a09c9eff951445240bbca781\n",
        f"{STATE}/registries": "nexus.domain.org\n",
    },
    "systemdDropIn": {
        JSON: THEIRS_ALONE,
        DROP_IN: "[Service]\nExecStart=\nExecStart=/bin/true -H fd:// --debug --insecure-registry=nexus.domain.org\n",
        f"{STATE}/absent{DROP_IN}": "",
        f"{STATE}/after{DROP_IN}": "f718ee12bf5ba578953e666c60b562855347bf60a6ba33a9426d02e3614662dd\n",
        f"{STATE}/registries": "nexus.domain.org\n",
        f"{STATE}/../folders": "/etc/systemd/system/docker.service.d\n/etc/systemd/system\n/etc/systemd\n",
    },
}
TELLING = {"daemonJson": "systemctl reload docker", "systemdDropIn": "systemctl restart docker"}


@pytest.mark.parametrize("python", [["python3"], []], ids=["python3", "no python"])
@pytest.mark.parametrize("way", LEFT)
def test_leftovers_of_an_older_release_are_removed(tmp_path: Path, way: str, python: list[str]) -> None:
    """Without Python dockerd is not reloaded, which is reported."""
    host = Host(tmp_path, "docker", "dockerd", "systemctl", *python)
    host.write(JSON, THEIRS_ALONE)
    before = host.files
    for path, text in LEFT[way].items():
        host.write(path, text)
    output = host.remove()
    assert host.files == before
    assert (TELLING[way] in host.calls) is bool(python)
    assert ("systemctl restart docker" in output) is not bool(python)


@pytest.mark.parametrize("way", LEFT)
def test_leftovers_of_an_older_release_are_kept_if_still_wanted(host: Host, way: str) -> None:
    host.write("/loaded", "=nexus.domain.org")
    for path, text in LEFT[way].items():
        host.write(path, text)
    host.install(INSECURE=way)
    assert {path: host.read(path) for path in LEFT[way] if STATE not in path} == {
        path: text for path, text in LEFT[way].items() if STATE not in path
    }
    assert TELLING[way] not in host.calls
