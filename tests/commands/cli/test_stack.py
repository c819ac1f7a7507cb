"""Facts about a stack before Pulumi runs, from its file and the backend in .local."""

import ast
import getpass
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands.pulumi import selected
from cli.errors import CommandError
from cli.stack.stack import Stack
from stacks.acme_settings import Acme
from stacks.backup import Backup
from stacks.maintenance import Maintenance
from stacks.managed_nexus import ManagedNexus
from stacks.monitoring import Monitoring
from stacks.nginx_settings import NginxSettings
from stacks.settings import Settings
from stacks.tls_settings import SelfSigned
from tests.commands.cli.project import Project

ROOT = Path(__file__).parents[3]

DEFAULTS = re.compile(r"[0-9.:]*[0-9][0-9.:]*[kmgs]?|.+[:/].+")


def test_no_default_of_the_settings_is_repeated() -> None:
    """Words like `nexus` also mean something else; sizes, addresses and images do not. Numbers follow an `or`."""
    models = (NginxSettings, ManagedNexus, Backup, Maintenance, Monitoring, SelfSigned, Acme, Settings)
    values = [field.get_default() for model in models for field in model.model_fields.values()]
    flat = [each for value in values for each in (value if isinstance(value, tuple) else (value,))]
    texts = {each for each in flat if isinstance(each, str) and len(each) > 1 and DEFAULTS.fullmatch(each)}
    assert {"0.0.0.0", "sonatype/nexus3:3.95.2", "4g"} <= texts
    repeated = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "cli").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr) and (_is_one_of(texts, node) or _has_default(node))
    ]
    assert repeated == []


def _is_one_of(texts: set[str], node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in texts


def _has_default(node: ast.expr) -> bool:
    """Whether it is like `stack.settings.given("nginx.httpsPort") or 443`."""
    if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.Or) or ".given(" not in ast.unparse(node):
        return False
    return not (isinstance(node.values[-1], ast.Constant) and node.values[-1].value == "")


def test_every_command_learns_engine_and_images_without_loading_the_models(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.trial.yaml"
    file.write_text(
        "config:\n"
        "  repository-store:docker: {host: ssh://deploy@nexus.domain.org}\n"
        "  repository-store:tls: {mode: acme}\n"
        "  repository-store:retain: [nexus-data]\n"
        "  repository-store:nexus: {kind: stand-in, encryptionKeys: [{id: a, key: {secure: v1:a:b}}]}\n"
    )
    asked = (
        "import json, pathlib, sys; from cli.stack.stack import Stack; "
        "stack = Stack('trial', pathlib.Path(sys.argv[1])); settings = stack.settings; "
        "found = [stack.docker_host, stack.is_external, stack.certificate_roles, sorted(settings.kept_volumes), "
        "settings.given('nexus.kind')]; print(json.dumps([*found, 'pydantic.main' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", asked, file], capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == [
        "ssh://deploy@nexus.domain.org",
        False,
        ["acme"],
        ["nexus-data"],
        "stand-in",
        False,
    ]


def test_a_file_that_is_not_yaml_is_refused_in_one_line(project: Project) -> None:
    project.stack_file("broken").write_text("config:\n  repository-store:hostname: a: b\n")
    done = project.run("down", "--stack", "broken")
    assert done.returncode == 1
    assert done.stderr.startswith("stacks/Pulumi.broken.yaml (line 2): it is not YAML (")
    assert done.stderr.count("\n") == 1


def test_a_stack_file_that_is_nested_too_deep_is_refused_in_one_line(project: Project) -> None:
    project.stack_file("deep").write_text(f"config:\n  repository-store:roles: {'[' * 5000}{']' * 5000}\n")
    for command in ("down", "doctor"):
        done = project.run(command, "--stack", "deep")
        assert done.returncode == 1
        said = done.stdout + done.stderr
        assert "stacks/Pulumi.deep.yaml (line 2): it is nested more than 100 levels deep: write it flatter" in said
        assert "Traceback" not in said


def test_json_that_is_nested_too_deep_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.p.yaml"
    file.write_text(f"config:\n  repository-store:docker: '{'[' * 100_000}'\n")
    assert Stack("p", file).settings.given("docker") == "[" * 100_000


@pytest.mark.parametrize(
    ("arguments", "stack"),
    [
        (["config", "set", "--stack", "trial", "a", "b"], "trial"),
        (["config", "get", "a", "--stack=trial"], "trial"),
        (["preview", "-s", "trial"], "trial"),
        (["stack", "init", "staging", "--secrets-provider", "passphrase"], "staging"),
        (["stack", "init", "--stack", "staging"], "staging"),
        (["stack", "ls"], "local"),
        (["config", "set", "a", "--", "--stack", "b"], "local"),
    ],
)
def test_pulumi_runs_on_the_stack_in_its_arguments(
    arguments: list[str], stack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STACK", raising=False)
    assert selected(arguments) == stack


def test_an_unknown_stack_is_refused_with_the_known_ones(project: Project) -> None:
    done = project.run("up", "--stack", "nobody")
    assert done.returncode == 1
    assert done.stderr == (
        "STACK: there is no stacks/Pulumi.nobody.yaml (got nobody; allowed production, staging). "
        "Fix: make new-stack NAME=nobody\n"
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            {},
            "STACK=staging: no backend is configured for its state (allowed a backend of Pulumi). Fix: export PULUMI_",
        ),
        (
            {"PULUMI_BACKEND_URL": "file:///state"},
            "STACK=staging: its file is here, but there is no such stack in Pulumi's backend. Fix: ./store pulumi "
            "stack init --stack staging --secrets-provider passphrase",
        ),
        ({"PULUMI_BACKEND_URL": "file:///state", "FAIL_AT": "1"}, "STACK=staging: out of luck"),
    ],
    ids=["no backend", "not made", "another reason"],
)
def test_an_unreachable_shared_stack_is_one_line(environment: dict[str, str], message: str, project: Project) -> None:
    done = project.run("up", "--stack", "staging", **environment)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


def test_an_earlier_login_sets_the_backend(project: Project) -> None:
    credentials = project.root / ".pulumi" / "credentials.json"
    credentials.parent.mkdir()
    credentials.write_text(json.dumps({"current": "s3://bucket"}))
    assert "there is no such stack in Pulumi's backend" in project.run("up", "--stack", "staging").stderr


ENVIRONMENT = """
import json
from cli.stack.environment import stack_environment
from cli.stack.stack import Stack
print(json.dumps(stack_environment(Stack("local"))))
"""


def environment_of_pulumi(project: Project, **environment: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(project.python(ENVIRONMENT, **environment).stdout)
    return found


def test_a_stack_of_this_machine_ignores_a_passphrase_in_the_environment(project: Project) -> None:
    environment = environment_of_pulumi(project, PULUMI_CONFIG_PASSPHRASE="another")
    assert "PULUMI_CONFIG_PASSPHRASE" not in environment
    assert environment["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(project.root / ".local" / "passphrase")


def test_legacy_diffs_are_only_enabled_for_stacks_of_an_external_nexus(
    project: Project,
) -> None:
    def skips() -> set[str]:
        return {name for name in environment_of_pulumi(project) if "LEGACY" in name}

    file = project.root / "stacks" / "Pulumi.local.yaml"
    file.write_text("config:\n  repository-store:hostname: nexus.domain.org\n")
    assert skips() == set()
    file.write_text("config:\n  repository-store:nexus:\n    url: https://nexus.domain.org\n")
    assert skips() == {"PULUMI_ENABLE_LEGACY_DIFF", "PULUMI_ENABLE_LEGACY_REFRESH_DIFF"}


def test_a_uid_without_a_name_works(project: Project) -> None:
    """As in containers of agents: Go programs fail with `user: Current requires cgo or $USER, $HOME`."""
    bare = {name: value for name, value in project.environment.items() if name not in ("USER", "HOME")}
    nameless = {**bare, "PATH": project.environment["PATH"]}
    script = ENVIRONMENT.replace("import json", "import json, os, pwd\nos.getuid = lambda: 54321", 1)
    variables = json.loads(
        subprocess.check_output([sys.executable, "-c", script], cwd=project.root, env=nameless, text=True)
    )
    assert variables["USER"] == "uid-54321"
    assert variables["HOME"].startswith(str(project.root))
    named = json.loads(subprocess.check_output([sys.executable, "-c", ENVIRONMENT], cwd=project.root, env=nameless))
    assert named["USER"] == getpass.getuser() or os.getuid() == 0


def test_pip_list_does_not_check_for_a_newer_pip(project: Project, tmp_path: Path) -> None:
    """Pulumi runs it in each command, possibly without a network."""
    with socket.create_server(("127.0.0.1", 0)) as index:
        environment = {
            **{name: value for name, value in environment_of_pulumi(project).items() if not name.startswith("PIP_I")},
            "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/simple",
            "PIP_CACHE_DIR": str(tmp_path / "cache"),
            "NO_PROXY": "127.0.0.1",
        }
        command = [sys.executable, "-m", "pip", "list", "--format", "json"]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        index.setblocking(False)
        with pytest.raises(BlockingIOError):
            index.accept()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[int]:
    """The pid of a process named pulumi."""
    program = tmp_path / "pulumi"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    process = subprocess.Popen([program, "60"])
    yield process.pid
    process.kill()
    process.wait()


@pytest.fixture
def killed() -> int:
    """The pid of a process that has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


RELEASE = "import sys; from cli.stack import killed_pulumi; from cli.stack.stack import Stack; " + (
    "killed_pulumi.release(Stack('trial'))"
)


def release(project: Project, pid: int, host: str, spaces: bool = False) -> tuple[subprocess.Popen[str], Path]:
    """Writes a lock of the process like Pulumi, and releases it if it is stale."""
    locks = project.root / ".local/.pulumi/locks/organization/repository-store/trial"
    locks.mkdir(parents=True)
    owner = {"pid": pid, "username": "root", "hostname": host, "timestamp": "2026-11-25T12:02:48.754262457Z"}
    lock = locks / "78800928.json"
    lock.write_text(json.dumps(owner, indent=2 if spaces else None))
    Path(f"{lock}.attrs").write_text("{}")
    process = subprocess.Popen(
        [sys.executable, "-c", RELEASE], cwd=project.root, env=project.environment, stderr=subprocess.PIPE, text=True
    )
    return process, locks


@pytest.mark.parametrize("spaces", [False, True], ids=["as Pulumi writes it", "as JSON may be written too"])
def test_the_lock_of_a_killed_pulumi_is_released(spaces: bool, project: Project, killed: int) -> None:
    process, locks = release(project, killed, platform.node(), spaces)
    assert process.communicate()[1] == (
        f"an earlier command on the stack trial was killed (process {killed}): its lock is removed\n"
    )
    assert list(locks.iterdir()) == []


def test_the_lock_of_a_reused_pid_is_released(project: Project) -> None:
    process, locks = release(project, os.getpid(), platform.node())
    assert "its lock is removed" in process.communicate()[1]
    assert list(locks.iterdir()) == []


def test_the_lock_of_a_running_pulumi_is_waited_for(project: Project, running: int) -> None:
    process, locks = release(project, running, platform.node())
    assert process.stderr
    assert process.stderr.readline() == (
        f"waiting for the Pulumi of another command on the stack trial to end (process {running}) ...\n"
    )
    assert len(list(locks.iterdir())) == 2
    os.kill(running, 9)
    os.waitpid(running, 0)
    assert "its lock is removed" in process.communicate()[1]


def test_the_lock_of_another_machine_stays(project: Project, killed: int) -> None:
    process, locks = release(project, killed, "another-machine")
    assert process.communicate()[1] == ""
    assert len(list(locks.iterdir())) == 2


def test_errors_have_one_form() -> None:
    error = CommandError("backup.keep", "is no number", got="many", allowed="from 1", fix="./store pulumi config set")
    assert str(error) == "backup.keep: is no number (got many; allowed from 1). Fix: ./store pulumi config set"
    assert str(CommandError("docker rm", "no such container")) == "docker rm: no such container"


def test_a_stack_interrupted_before_it_had_a_file_is_known_to_use_an_external_nexus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.stack.stack.LOCAL", tmp_path)
    stack = Stack("theirs", tmp_path / "Pulumi.theirs.yaml")
    assert not stack.is_external
    stack.unfinished.parent.mkdir()
    stack.unfinished.write_text('{"pairs": ["hostname=x", "nexus.url=https://nexus.example.org"], "is_new": true}')
    assert stack.is_external
