"""Facts about a stack before Pulumi runs, from its file and the backend in .local."""

import getpass
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.cli.project import ROOT, Project


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
