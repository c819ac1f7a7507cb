"""Facts about a stack from its file, and what a command takes for its stack."""

import ast
import re
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
