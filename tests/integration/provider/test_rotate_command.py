"""`./store rotate` with the real Pulumi, on a stack of this machine whose Nexus is external: a stand-in.

What only a store with containers has (administrator, encryption key, CA, tokens) is in
tests/e2e/store/test_rotation.py.
"""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.integration.provider.play import ADMIN, FIRST, ROOT, Play
from tests.integration.provider.tls import HOSTNAME
from tests.support.versions import NEWEST
from tests.unit.cli.project import PACKAGES

PERSON = {"firstName": "B", "lastName": "Uild", "emailAddress": "b@domain.org", "roles": ["reader"]}
OWN, ADOPTED = ("ci-pull", "ci-push"), "alice"


class Clone:
    """A copy of the project with a .local of its own, and a deployed stack."""

    def __init__(self, play: Play, folder: Path) -> None:
        self.play, self.folder = play, folder
        for name in PACKAGES:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("Pulumi.*.yaml", "__pycache__"))
        for name in ("Pulumi.yaml", "__main__.py", "pyproject.toml"):
            shutil.copy2(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(ROOT / ".venv")

    def declare(self, stack: str, users: dict[str, Any]) -> None:
        self.done("new-stack", stack, "--set", f"nexus.url=https://{HOSTNAME}:{self.play.port}")
        found = yaml.safe_load(self.file(stack).read_text())
        authority = (self.play.folder / "ca.pem").read_text()
        sections = {
            "topology": "",
            "address": "127.0.0.1",
            "nexus": {"url": f"https://{HOSTNAME}:{self.play.port}", "caBundle": authority},
            "roles": {"reader": {"privileges": ["nx-metrics-all"]}} if users else {},
            "users": users,
        }
        found["config"] = {f"repository-store:{key}": value for key, value in sections.items()}
        self.file(stack).write_text(yaml.safe_dump(found))
        self.keep(stack, "passwords.admin", ADMIN)
        for user in users:
            self.keep(stack, f"passwords.{user}", f"the-first-of-{user}")

    def file(self, stack: str) -> Path:
        return self.folder / "stacks" / f"Pulumi.{stack}.yaml"

    def keep(self, stack: str, key: str, secret: str) -> None:
        self.done("pulumi", "config", "set", "--stack", stack, "--secret", "--path", key, given=secret)

    def secret(self, stack: str, key: str) -> str:
        return self.done("pulumi", "config", "get", "--stack", stack, "--path", key).strip()

    @property
    def passphrase(self) -> str:
        return (self.folder / ".local" / "passphrase").read_text().strip()

    def done(self, *arguments: str, given: str = "", **environment: str) -> str:
        done = self.run(*arguments, given=given, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.folder, env={**self._environment, **environment}, input=given,
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    def kill(self, *arguments: str, when: Callable[[], bool]) -> None:
        """Kills the command, and with it the Pulumi that it runs, as soon as a condition holds."""
        log = self.folder / "killed.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "cli", *arguments]
            process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            while not when():
                assert process.poll() is None, log.read_text()
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()

    @property
    def _environment(self) -> dict[str, str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("PULUMI", "STACK", "REPOSITORY"))
        }
        return {**kept, "DOCKER_HOST": f"unix://{self.folder}/no-engine.sock"}

    def files_that_open_with(self, passphrase: str) -> list[str]:
        """Everything in .local and the stack files that was encrypted with a passphrase."""
        from cli.stack.decryption import _key, _opens

        found = []
        for file in sorted([*(self.folder / ".local").rglob("*"), *(self.folder / "stacks").glob("Pulumi.*")]):
            if not file.is_file() or file.suffix == ".attrs":
                continue
            content = file.read_bytes()
            text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode(errors="ignore")
            salts = {word for word in text.replace('"', " ").split() if word.startswith("v1:") and word.count(":") == 4}
            for salt in salts:
                key = _key(passphrase, salt)
                if key and _opens(key, salt.partition(":")[2].partition(":")[2]):
                    found.append(str(file.relative_to(self.folder)))
        return found


def status(play: Play, user: str, password: str) -> int:
    """401 for a password that the server refuses, else 200 or 403."""
    url = f"http://127.0.0.1:{play.plain_port}/service/rest/v1/security/realms/active"
    return requests.get(url, auth=(user, password), timeout=60).status_code


@pytest.fixture
def clone(playing: Callable[..., Play], tmp_path: Path) -> Iterator[Clone]:
    with playing(NEWEST) as play:
        play.external = True
        play.change_password(FIRST, ADMIN)
        user = {**PERSON, "userId": ADOPTED, "source": "default", "status": "active", "roles": ["nx-anonymous"]}
        assert play.ask("POST", "/v1/security/users", {**user, "password": f"the-first-of-{ADOPTED}"}).ok
        made = Clone(play, tmp_path / "clone")
        adopted = {**PERSON, "roles": ["nx-anonymous"], "adopt": True}
        made.declare("theirs", {**dict.fromkeys(OWN, PERSON), ADOPTED: adopted})
        made.declare("other", {})
        made.done("up", "--stack", "theirs")
        yield made


def is_empty(clone: Clone) -> bool:
    shown = clone.run("pulumi", "preview", "--stack", "theirs", "--refresh", "--expect-no-changes")
    return shown.returncode == 0


def test_every_former_secret_is_refused_and_the_next_preview_is_empty(clone: Clone) -> None:
    former = {user: clone.secret("theirs", f"passwords.{user}") for user in (*OWN, ADOPTED)}
    passphrase = clone.passphrase
    opened = clone.files_that_open_with(passphrase)
    assert {"stacks/Pulumi.theirs.yaml", "stacks/Pulumi.other.yaml"} < set(opened)
    assert any("/history/" in file for file in opened)
    said = clone.done("rotate", "--stack", "theirs", "--yes")
    for user in OWN:
        fresh = clone.secret("theirs", f"passwords.{user}")
        assert [status(clone.play, user, each) for each in (former[user], fresh)] == [401, 403]
        assert f"- passwords: {user}: " in said
    assert status(clone.play, ADOPTED, former[ADOPTED]) == 403
    assert status(clone.play, "admin", ADMIN) == 200
    assert "the stack does not issue them: passwords.admin, passwords.alice;" in said
    assert clone.passphrase != passphrase
    assert clone.files_that_open_with(passphrase) == []
    assert clone.secret("other", "passwords.admin") == ADMIN
    assert "not rotated: Nexus is external, and whoever runs it has its certificate" in said
    assert is_empty(clone)
    assert not (clone.folder / ".local" / "rotations" / "theirs.json").exists()


def test_a_kill_while_the_passphrase_changes_loses_nothing(clone: Clone) -> None:
    local, passphrase = clone.folder / ".local", clone.passphrase
    copies = local / "new-passphrase" / "stacks"
    salt = yaml.safe_load(clone.file("other").read_text())["encryptionsalt"]

    def half_done() -> bool:
        copy = copies / "Pulumi.other.yaml"
        return copy.exists() and bool(copy.read_text()) and salt not in copy.read_text()

    clone.kill("rotate", "--stack", "theirs", "--only", "passphrase", "--yes", when=half_done)
    assert clone.passphrase == passphrase
    assert clone.secret("theirs", "passwords.ci-pull") == "the-first-of-ci-pull"
    clone.done("rotate", "--stack", "theirs", "--only", "passphrase", "--yes")
    assert clone.files_that_open_with(passphrase) == []
    assert clone.secret("theirs", "passwords.ci-pull") == "the-first-of-ci-pull"
    assert clone.secret("other", "passwords.admin") == ADMIN
    assert is_empty(clone)


def test_a_kill_while_passwords_are_applied_is_finished_by_the_same_command(clone: Clone) -> None:
    only = ("rotate", "--stack", "theirs", "--only", "passwords", "--yes")

    def half_applied() -> bool:
        return any("change-password" in line for line in clone.play.requests_file.read_text().splitlines()[before:])

    before = len(clone.play.requests_file.read_text().splitlines())
    clone.kill(*only, when=half_applied)
    drawn = {user: clone.secret("theirs", f"passwords.{user}") for user in OWN}
    assert not set(drawn.values()) & {f"the-first-of-{user}" for user in OWN}
    clone.done(*only)
    assert {user: clone.secret("theirs", f"passwords.{user}") for user in OWN} == drawn
    for user in OWN:
        assert status(clone.play, user, f"the-first-of-{user}") == 401
        assert status(clone.play, user, drawn[user]) == 403
    assert is_empty(clone)


def test_what_cannot_be_rotated_here_is_refused_before_anything_changes(clone: Clone) -> None:
    before = clone.file("theirs").read_text()
    for part, reason in {
        "certificate": "whoever runs it has its certificate",
        "encryption-key": "whoever runs it has its encryption key",
        "tokens": "revoke them there",
        "everything": "there are no such secrets (got everything; allowed passphrase, passwords, encryption-key,",
    }.items():
        done = clone.run("rotate", "--stack", "theirs", "--only", part, "--yes")
        assert done.returncode == 1
        assert reason in done.stderr
        assert done.stderr.count("\n") == 1
    assert "YES: passphrase, passwords: new ones are drawn" in clone.run("rotate", "--stack", "theirs").stderr
    done = clone.run("rotate", "--stack", "other", "--yes")
    assert "STACK=other: it is not deployed, so nobody has its secrets. Fix: make up STACK=other" in done.stderr
    assert clone.file("theirs").read_text() == before


def test_a_passphrase_that_is_complete_beside_the_stacks_is_put_in_place_by_the_next_command(clone: Clone) -> None:
    """As after a kill in between: the copies are those of a rotation that has ended."""
    local, state = clone.folder / ".local", ".pulumi/stacks/repository-store"
    kept = clone.folder / "kept"
    shutil.copytree(local, kept / "local")
    shutil.copytree(clone.folder / "stacks", kept / "stacks")
    clone.done("rotate", "--stack", "theirs", "--only", "passphrase", "--yes")
    fresh, waiting = clone.passphrase, kept / "local" / "new-passphrase"
    (waiting / "stacks").mkdir(parents=True)
    (waiting / state).mkdir(parents=True)
    for stack in ("theirs", "other"):
        shutil.copy(clone.file(stack), waiting / "stacks")
        shutil.copy(next((local / state).glob(f"{stack}.json*")), waiting / state)
    (waiting / "passphrase").write_text(fresh)
    (waiting / "complete").touch()
    shutil.rmtree(local)
    shutil.copytree(kept / "local", local)
    shutil.copytree(kept / "stacks", clone.folder / "stacks", dirs_exist_ok=True)
    former = clone.passphrase
    assert former != fresh
    assert clone.secret("theirs", "passwords.ci-pull") == "the-first-of-ci-pull"
    assert clone.passphrase == fresh
    assert not (local / "new-passphrase").exists()
    assert clone.files_that_open_with(former) == []
    assert is_empty(clone)


def test_a_record_that_somebody_has_undone_does_not_count_as_rotated(clone: Clone) -> None:
    record = clone.folder / ".local" / "rotations" / "theirs.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"parts": ["passwords"], "drawn": "of another stack file"}))
    clone.done("rotate", "--stack", "theirs", "--only", "passwords", "--yes")
    assert status(clone.play, "ci-pull", "the-first-of-ci-pull") == 401
    assert not record.exists()
