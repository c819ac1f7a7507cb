"""`doctor` says what is as it should be, and which command mends the rest; it makes nothing."""

import fcntl
import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.commands.doctor import examined
from cli.doctor import answers, applied, clock, containers, machine, own, server
from cli.doctor.applied import Applied
from cli.doctor.clock import compared
from cli.doctor.engine import Engine
from cli.doctor.finding import Finding
from cli.errors import CommandError
from cli.recovery import checkpoint
from cli.stack import killed_pulumi, trust
from cli.stack.stack import Stack
from cli.stack.trust import Reach
from nexus.errors import NotFound, Unreachable
from policy.rule import Resource
from tests.authority import Request
from tests.unit.cli.project import Project
from tests.unit.policy.resources import repository, user

DOCKER = """#!/bin/sh
case "$1" in version) echo {version} ;; *) exit 1 ;; esac
"""
ADDRESS = ("new-stack", "trial", "--set", "address=198.18.1.1")


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
    assert done.stderr == ""


def test_an_old_engine_and_a_stack_that_is_half_made_are_named(project: Project) -> None:
    project.play("docker", DOCKER.format(version="19.03.15"))
    failed = project.run(*ADDRESS, FAIL_AT="2")
    assert failed.returncode == 1
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert "19.03.15 is older than 20.10" in found["Docker engine"]
    assert "half made" in found["stack trial"]


def test_what_is_as_it_should_be_needs_no_command(project: Project) -> None:
    project.play("docker", DOCKER.format(version="29.0.1"))
    assert project.run(*ADDRESS).returncode == 0
    found = rows(project.run("doctor", "--stack", "trial").stdout)
    assert found["Docker engine"].split() == ["✓", "Docker", "engine", "29.0.1"]
    assert found["Pulumi"].startswith("✓")
    assert found["state"].startswith("✓")
    assert "nothing of it is deployed" in found["stack trial"]


def test_a_pulumi_that_the_project_cannot_be_run_by_is_named(project: Project) -> None:
    found = rows(project.run("doctor", VERSION="v3.199.0").stdout)["Pulumi"]
    assert found.startswith("✗")
    assert "v3.199.0" in found
    assert "is older than 3.200.0" in found


# Of an engine on which Nexus runs with a disk of 100 GiB.
RUNNING = """#!/bin/sh
case "$1 $*" in
version*) echo 29.0.1 ;;
info*SystemTime*) echo '{time}' ;;
exec*df*) echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
    echo '/dev/sda1 104857600 1 {free} 9% /nexus-data' ;;
exec*) printf '{inside}' ;;
inspect*HostConfig.Memory*) echo 2147483648 ;;
inspect*State.Status*nginx) echo '{nginx}' ;;
inspect*State.Status*) echo 'running 0 healthy' ;;
inspect*State.Running*) echo false ;;
*) exit 1 ;;
esac
"""
GIB = 1 << 20
INSIDE = "MemTotal: 1000\\nMemAvailable: 600\\nkilled: 0\\nfiles: 3 1024\\nfiles: 500 1024\\n"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the docker of the test is, for checks that run in it."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    return tmp_path / "docker"


def running(**differing: Any) -> str:
    now = datetime.now(UTC).isoformat()
    usual: dict[str, Any] = {"free": 50 * GIB, "inside": INSIDE, "nginx": "running 0 healthy", "time": now}
    return RUNNING.format_map(usual | differing)


OF_CONTAINERS = (containers.containers, clock.clock, containers.disk, containers.memory_and_files)


def test_what_runs_well_is_told(project: Project) -> None:
    project.play("docker", running())
    found = rows(project.run("doctor").stdout)
    named = ("containers", "clock", "disk", "memory", "open files")
    assert [found[name][:1] for name in named] == ["✓"] * len(named)
    assert "Nexus has 500 of 1024 open" in found["open files"]


@pytest.mark.parametrize(
    ("row", "differing", "said", "fix"),
    [
        ("containers", {"nginx": "exited 137"}, "repository-store-trial-nginx is exited (exit code 137)", "make up"),
        ("containers", {"nginx": "running 0 unhealthy"}, "nginx is unhealthy", "make up STACK=trial; docker logs"),
        ("containers", {"nginx": ""}, "nginx is not there", "make up"),
        ("clock", {"time": "2001-01-01T00:00:00.123456789Z"}, "ahead of the store", "timedatectl set-ntp true"),
        ("disk", {"free": 5 * GIB}, "5.0 GiB of 100 GiB are free", "make storage STACK=trial CLEAN=1"),
        ("memory", {"inside": "MemTotal: 1000\\nMemAvailable: 40\\n"}, "40.0 KiB of the host's 1000", "docker stats"),
        ("memory", {"inside": INSIDE.replace("killed: 0", "killed: 2")}, "killed a process of it 2", "memory 3072m,"),
        ("open files", {"inside": INSIDE.replace("500", "900")}, "900 of 1024", "--path nexus.openFiles 65536"),
    ],
)
def test_what_of_the_containers_is_not_well_is_named_with_its_command(
    row: str, differing: dict[str, Any], said: str, fix: str, engine: Path, tmp_path: Path
) -> None:
    engine.write_text(running(**differing))
    engine.chmod(0o755)
    stack = of_file(tmp_path)
    asked = Engine(stack)
    found = {finding.what: finding for check in OF_CONTAINERS for finding in check(stack, asked)}
    wrong = [what for what, finding in found.items() if finding.fix]
    assert wrong == [row]
    assert said in found[row].said
    assert fix in found[row].fix


def test_what_is_left_is_read_in_any_container() -> None:
    said = subprocess.run(["sh", "-c", containers._LEFT], capture_output=True, text=True, check=True)
    words = {line.split()[0] for line in said.stdout.splitlines()}
    assert {"MemTotal:", "MemAvailable:", "files:"} <= words
    assert said.stderr == ""


def test_a_port_that_somebody_else_has_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        nginx = {"bindAddress": "127.0.0.1", "httpsPort": port, "httpPort": 0}
        stack = of_file(tmp_path, nginx=nginx)
        found = {each.what: each for each in machine.ports(stack, Engine(stack))}
    assert "Address already in use" in found[f"port {port}"].said
    assert found[f"port {port}"].fix.endswith(f"--path nginx.httpsPort {port + 8000}")


def of_file(folder: Path, **settings: Any) -> Stack:
    config = {f"repository-store:{key}": value for key, value in settings.items()}
    (folder / "Pulumi.trial.yaml").write_text(json.dumps({"config": config}))
    return Stack("trial", folder / "Pulumi.trial.yaml")


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An /etc and a .local of the test's own."""
    (tmp_path / "hosts").write_text("")
    monkeypatch.setattr(trust, "HOSTS", tmp_path / "hosts")
    monkeypatch.setattr(trust, "DOCKER_TRUST", tmp_path / "certs.d")
    for module in (trust, checkpoint, killed_pulumi):
        monkeypatch.setattr(module, "LOCAL", tmp_path / ".local")
    return tmp_path


def test_a_name_that_leads_nowhere_and_another_ca_are_named(etc: Path) -> None:
    stack = of_file(etc)
    ca = Request("CA").issued_by(None).pem
    reach = Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid",), ca.strip())
    reach.note(stack)
    reach.apply(stack)
    found = {each.what: each for each in machine.name_and_trust(stack)}
    assert found["name"].said == "nexus.invalid is not known, and not 198.18.0.1"
    assert found["name"].fix == "sudo ./store trust --stack trial"
    assert not found["trust of docker"].fix
    (etc / "certs.d/nexus.invalid/repository-store-trial.crt").write_text(Request("B").issued_by(None).pem)
    found = {each.what: each for each in machine.name_and_trust(stack)}
    assert found["trust of docker"].said == f"missing: nexus.invalid in {etc / 'certs.d'}"
    assert found["trust of docker"].fix == "sudo ./store trust --stack trial"


def test_trust_of_an_earlier_port_is_named(etc: Path) -> None:
    stack = of_file(etc)
    ca = Request("CA").issued_by(None).pem.strip()
    Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid:8443",), ca).apply(stack)
    now = Reach("nexus.invalid", "198.18.0.1", ("nexus.invalid:9443",), ca)
    now.note(stack)
    found = {each.what: each for each in machine.name_and_trust(stack)}["trust of docker"]
    assert found.said.endswith(f"of an earlier name or port: nexus.invalid:8443 in {etc / 'certs.d'}")
    assert found.fix == "sudo ./store trust --stack trial"
    now.apply(stack)
    assert not {each.what: each for each in machine.name_and_trust(stack)}["trust of docker"].fix


@contextmanager
def listening(folder: Path, end: datetime) -> Iterator[tuple[int, str]]:
    """A store on loopback whose certificate ends then; its port and its CA."""
    now = datetime.now(UTC)
    authority = Request("CA", begin=now - timedelta(days=1), end=now + timedelta(days=99)).issued_by(None)
    leaf = Request("nexus", ("nexus.trial.test",), begin=now - timedelta(days=9), end=end).issued_by(authority)
    (folder / "leaf.pem").write_text(leaf.pem + leaf.key_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "leaf.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], authority.pem


@pytest.mark.parametrize(
    ("days", "said", "is_well"),
    [(40, "verified, for 39 more days", True), (5, "verified, for 4 more days", False), (-1, "expired", False)],
)
def test_a_certificate_that_ends_soon_is_named(days: int, said: str, is_well: bool, etc: Path) -> None:
    with listening(etc, datetime.now(UTC) + timedelta(days=days)) as (port, ca):
        stack = of_file(etc, nginx={"httpsPort": port})
        Reach("nexus.trial.test", "127.0.0.1", (), ca).note(stack)
        (found,) = answers.certificate(stack)
    assert said in found.said
    assert found.fix == ("" if is_well else "make up STACK=trial")


def test_a_store_that_does_not_answer_is_named(etc: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stack = of_file(etc, nginx={"httpsPort": port})
    Reach("nexus.trial.test", "127.0.0.1", (), "").note(stack)
    (found,) = answers.certificate(stack)
    assert (found.what, found.fix) == ("store", "make up STACK=trial")
    assert f"nexus.trial.test:{port} does not answer" in found.said


def test_clocks_are_compared_with_the_time_that_the_question_took() -> None:
    assert not compared(100.0, 90.0, 105.0).fix
    assert not compared(100.0, 130.0, 140.0).fix
    assert compared(100.0, 400.0, 401.0).said == "this machine is 300 s ahead of the store"
    assert compared(1000.0, 400.0, 401.0).said == "this machine is 599 s behind the store"


def test_a_lock_that_is_held_is_named_with_who_holds_it(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    file = project.root / ".local" / "locks" / "trial.lock"
    file.parent.mkdir(exist_ok=True)
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        json.dump({"command": "up --stack trial", "pid": 4711, "since": 0.0}, held)
        held.flush()
        found = rows(project.run("doctor", "--stack", "trial").stdout)["lock"]
    assert found.startswith("✗")
    assert "held by up --stack trial (process 4711, since" in found
    assert found.rstrip().endswith("wait for it; if it hangs: kill 4711")


def test_a_lock_that_a_killed_pulumi_left_is_named(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    folder = project.root / ".local/.pulumi/locks/organization/repository-store/trial"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps({"pid": 999_999_999, "hostname": os.uname().nodename}))
    found = rows(project.run("doctor", "--stack", "trial").stdout)["lock"]
    assert found.startswith("✗")
    assert "(process 999999999)" in found
    assert found.rstrip().endswith("make up STACK=trial")


def test_a_state_that_was_cut_short_is_named(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    file = project.root / ".local/.pulumi/stacks/repository-store/trial.json"
    file.write_text('{"checkpoint": {"lat')
    found = rows(project.run("doctor", "--stack", "trial").stdout)["state"]
    assert found.startswith("✗")
    assert "make up STACK=trial" in found
    resource = {"type": "docker:index/container:Container", "urn": "urn:pulumi:trial::p::t::nginx"}
    latest = {"pending_operations": [{"type": "creating", "resource": resource}]}
    file.write_text(json.dumps({"checkpoint": {"latest": latest}}))
    found = rows(project.run("doctor", "--stack", "trial").stdout)["state"]
    assert "an earlier command was killed in the middle of creating nginx" in found


def test_a_backup_that_is_days_old_is_named(tmp_path: Path) -> None:
    stack = of_file(tmp_path, backup={"location": str(tmp_path / "backups")})
    folder = tmp_path / "backups" / "repository-store-trial"
    (found,) = own.backups(stack)
    assert (found.said, found.fix) == ("there is none", "make backup STACK=trial")
    for hours, is_well in ((24 * 5, False), (1, True)):
        name = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H-%M-%SZ")
        (folder / name).mkdir(parents=True)
        (found,) = own.backups(stack)
        assert name in found.said
        assert found.fix.startswith("make backup STACK=trial") is not is_well


class Server:
    """Answers GETs out of a table."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def get(self, path: str, **query: str) -> Any:
        if path + query.get("metric", "") not in self._answers:
            raise NotFound("no such request")
        return self._answers[path + query.get("metric", "")]


def test_a_task_that_failed_is_named() -> None:
    items = [{"name": "compact-a", "lastRunResult": "FAILED"}, {"name": "good", "lastRunResult": "OK"}]
    (found,) = server.tasks(Stack("trial"), Server({"/v1/tasks": {"items": items}}))
    assert found.said == "failed: compact-a"
    assert found.fix.startswith("docker exec repository-store-trial-nexus ls -t /nexus-data/log/tasks")
    (found,) = server.tasks(Stack("trial"), Server({"/v1/tasks": {"items": items[1:]}}))
    assert (found.said, found.fix) == ("1, none failed", "")
    assert list(server.tasks(Stack("trial"), Server({}))) == []


@pytest.mark.parametrize(("requests", "is_well"), [(79_000, True), (81_000, False)])
def test_a_limit_that_is_near_is_named(requests: int, is_well: bool) -> None:
    today = datetime.now(UTC).date().isoformat()
    told = {"requests": requests, "components": 10}
    api = Server(
        {f"/v1/usage-history{name}": {"data": [{"date": today, "value": value}]} for name, value in told.items()}
    )
    state = {"deployment": {"resources": [{"outputs": {"nexus_version": "3.95.2"}}]}}
    (found,) = server.limits(Stack("trial"), api, state)
    assert str(requests) in found.said
    assert found.fix == ("" if is_well else "make limits STACK=trial")
    assert list(server.limits(Stack("trial"), Server({}), state)) == []


class Frozen:
    def get(self, path: str, **_query: str) -> Any:
        raise (Unreachable if path == "/v1/status/writable" else NotFound)("no")


def test_a_server_that_takes_nothing_is_named() -> None:
    empty: dict[str, Any] = {"deployment": {"resources": []}}
    first, *_ = server.of_server(Stack("trial"), Frozen(), empty)  # type: ignore[arg-type]
    assert first.said == "it is read-only: nothing can be published"
    assert "release it" in first.fix


class Live:
    """The blob stores that a server has."""

    def __init__(self, live: Mapping[str, Any]) -> None:
        self._live = live

    def listed(self, ref: Any, _declared: Any) -> Any:
        return self._live.get(ref.name)


def test_what_was_changed_by_hand_is_named_without_its_values() -> None:
    secret = {"kind": "user", "name": "jenkins", "body": {"firstName": "J", "password": "hunter2"}}
    objects = [{"kind": "user", "name": "gone", "body": {"firstName": "G"}}, secret]
    resources = [{"type": "pulumi-python:dynamic/nexus:User", "outputs": each} for each in objects]
    state = {"deployment": {"resources": resources}}
    as_it_was = Live({"gone": {"firstName": "G"}, "jenkins": {"firstName": "J"}})
    found = server.drift(Stack("trial"), as_it_was, state)  # type: ignore[arg-type]
    assert (found.said, found.fix) == ("2 objects of Nexus are as they were applied", "")
    by_hand = Live({"jenkins": {"firstName": "Eve"}})
    found = server.drift(Stack("trial"), by_hand, state)  # type: ignore[arg-type]
    assert found.said == "changed by hand: user gone is gone, user jenkins (firstName)"
    assert "make up STACK=trial restores it" in found.fix
    assert "hunter2" not in str(found)


def deployed(*resources: Resource) -> Applied:
    """A stack whose state has these."""
    listed = [{"type": each.type, "urn": f"urn::{each.name}", "inputs": each.props} for each in resources]
    return Applied(lambda: {"deployment": {"resources": listed}})


def test_a_policy_that_is_violated_is_named_at_the_level_of_the_stack(tmp_path: Path) -> None:
    levels = tmp_path / "levels.json"
    shared = (
        repository("a", storage={"blobStoreName": "s"}),
        repository("b", storage={"blobStoreName": "s"}),
        user("u"),
    )
    found = dict[str, Finding]()
    for level in ("mandatory", "advisory", "disabled"):
        levels.write_text(json.dumps({"all": "disabled", "own-blob-store": level}))
        (found[level],) = applied.policies(Stack("trial"), deployed(*shared), levels)
    assert "own-blob-store: b shares the blob store s with a" in found["mandatory"].said
    assert found["mandatory"].fix.endswith("make up STACK=trial")
    assert (found["advisory"].said, found["advisory"].fix) == ("kept; advisory: own-blob-store", "")
    assert found["disabled"].said == "kept"


def test_the_state_is_exported_once_for_all_who_ask() -> None:
    asked = []
    state = Applied(lambda: asked.append(1))
    assert [state.state(), state.state()] == [None, None]
    assert asked == [1]


def test_what_does_not_answer_or_fails_is_a_row_of_its_own() -> None:
    hangs = threading.Event()

    def failing() -> Iterator[Finding]:
        yield Finding("first", "well")
        raise CommandError("second", "broken")

    def hanging() -> Iterator[Finding]:
        hangs.wait()
        yield Finding("third", "well")

    found = examined({"late": hanging, "failing": failing}, seconds=0.2)
    assert [each.what for each in found] == ["late", "first", "failing"]
    assert found[0].said == "no answer within 0.2 s"
    assert found[0].fix
    assert (found[2].said, bool(found[2].fix)) == ("second: broken", True)
    hangs.set()
