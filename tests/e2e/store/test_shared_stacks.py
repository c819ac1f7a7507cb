"""Staging and production from git, previewed with the real engine by the commands of docs/environments.md."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from stacks import images
from tests.authority import Request
from tests.e2e.store.store import ROOT, outcome, run

DIGEST = "@sha256:" + "0" * 64
IMAGES = {"nexus": images.NEXUS, "nginx": images.NGINX, "tls": "goacme/lego:v5.6.0"}


class Checkout:
    """A copy of the project with its own stack files and backend."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "project"
        for name in run(["git", "ls-files", "--cached", "--others", "--exclude-standard"]).splitlines():
            if (ROOT / name).is_file():
                (self._root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self._root / name)
        (self._root / ".venv").symlink_to(ROOT / ".venv")
        (folder / "state").mkdir()
        self._environment = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a-passphrase-of-the-test",
        }

    def pulumi(self, stack: str, *arguments: str, text: str | None = None) -> str:
        command = ["./store", "pulumi", *arguments, "--stack", stack]
        return run(command, cwd=self._root, text=text, **self._environment)

    def make(self, target: str, stack: str) -> tuple[int, str]:
        return outcome(["make", target, f"STACK={stack}"], cwd=self._root, **self._environment)

    def init(self, stack: str) -> None:
        self.pulumi(stack, "stack", "init", "--secrets-provider", "passphrase")
        users = yaml.safe_load((self._root / "stacks" / "topology.yaml").read_text())["users"]
        for user in ("admin", *users):
            self.set(stack, f"passwords.{user}", f"the-secret-of-{user}", "--secret")

    def set(self, stack: str, path: str, value: str, *flags: str) -> None:
        self.pulumi(stack, "config", "set", *flags, "--path", path, text=value)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    assert not os.environ.get("DOCKER_HOST"), "the engine of this machine is asked for its memory"
    return Checkout(tmp_path)


def test_staging_can_be_previewed_and_its_policies_advise(checkout: Checkout) -> None:
    code, output = checkout.make("preview", "staging")
    assert code != 0
    assert "there is no such stack in Pulumi's backend. Fix: ./store pulumi stack init --stack staging" in output
    checkout.init("staging")
    code, output = checkout.make("preview", "staging")
    assert code != 0
    assert "tls.caBundle: missing, and no client trusts the roots of Let's Encrypt's staging" in output
    checkout.set("staging", "tls.caBundle", Request("Staging Root").issued_by(None).pem, "--secret")
    code, output = checkout.make("preview", "staging")
    assert code == 0, output
    assert "[advisory]  image-by-digest" in output
    assert "[mandatory]" not in output
    assert "the-secret-of" not in output


def test_production_demands_digests_by_policy(checkout: Checkout) -> None:
    checkout.init("production")
    code, output = checkout.make("preview", "production")
    assert code != 0
    for section, image in IMAGES.items():
        assert f"{image} can be another image tomorrow: pin it, as in NAME:TAG@sha256:DIGEST" in output
        checkout.set("production", f"{section}.image", image + DIGEST)
    assert "the-secret-of" not in output

    code, output = checkout.make("preview", "production")
    assert code == 0, output
    assert "[mandatory]" not in output
    assert "preview: create " in output

    checkout.set("production", "nexus.memory", "900g")
    code, output = checkout.make("preview", "production")
    assert code != 0
    assert "nexus.memory: more than the docker host can give (got '900g'; allowed at most " in output
    assert "since the docker host has " in output


def test_commands_on_a_shared_stack_name_the_command_to_run_first(checkout: Checkout) -> None:
    code, output = checkout.make("doctor", "staging")
    assert code != 0
    assert "shared; its state is in the backend of PULUMI_BACKEND_URL or pulumi login" in output
    assert "there is no such stack in Pulumi's backend" in output
    checkout.init("staging")
    code, output = checkout.make("doctor", "staging")
    assert code != 0
    assert "make up STACK=staging" in output
    assert "the-secret-of" not in output
    for target in ("storage", "limits", "metrics"):
        code, output = checkout.make(target, "staging")
        assert code != 0
        assert "STACK=staging: it has no Nexus yet. Fix: make up STACK=staging" in output
    assert (
        "repository-store-staging-nexus is not running. Fix: make up STACK=staging"
        in checkout.make("audit", "staging")[1]
    )
