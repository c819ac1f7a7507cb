"""No secret of the store is where somebody could read it."""

import gzip
import json
import os
import shutil
from pathlib import Path

from tests.e2e.store.store import ROOT, Store, outcome, run


def secrets(store: Store) -> list[str]:
    passphrase = (ROOT / ".local" / "passphrase").read_text().strip()
    return [store.admin[1], store.jenkins[1], store.ci_pull[1], store.ci_push[1], passphrase, encryption_key(store)]


def encryption_key(store: Store) -> str:
    """What Nexus encrypts its stored passwords with; new-stack has drawn it."""
    key = store.secret("nexus.encryptionKeys[0].key")
    assert len(key) >= 16
    return key


def first_password(store: Store) -> str:
    """What the server started with, which its container's environment shows."""
    shown = json.loads(run(["docker", "inspect", store.container("nexus")]))[0]["Config"]["Env"]
    return next(str(entry).split("=", 1)[1] for entry in shown if entry.startswith("NEXUS_SECURITY_INITIAL_PASSWORD="))


def test_the_exported_state_holds_none(store: Store) -> None:
    code, state = store.pulumi("stack", "export")
    assert code == 0
    assert "BEGIN CERTIFICATE" in state
    for secret in [*secrets(store), first_password(store)]:
        assert secret not in state
    assert "PRIVATE KEY" not in state


def test_no_earlier_state_holds_one(store: Store) -> None:
    files = [path for path in (ROOT / ".local" / ".pulumi").rglob("*") if path.is_file() and store.stack in str(path)]
    assert any("history" in path.parts for path in files)
    found = [secret.encode() for secret in secrets(store)]
    for path in files:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert not [path for secret in found if secret in text]


def test_who_has_the_data_volume_has_no_key_to_the_passwords_in_it(store: Store) -> None:
    container, key = store.container("nexus"), encryption_key(store)
    search = ["docker", "exec", "--interactive", container, "grep", "--recursive", "--fixed-strings", "--file=-"]
    assert key in run([*search, "/nexus-encryption-keys.json"], text=key)
    assert outcome([*search, "--files-with-matches", "/nexus-data"], text=key) == (1, "")


def test_nothing_is_to_be_done_again_for_the_key(store: Store) -> None:
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_the_containers_show_none(store: Store) -> None:
    for role in ("nexus", "nginx"):
        shown = run(["docker", "inspect", store.container(role)])
        assert not [secret for secret in secrets(store) if secret in shown]
        assert "PRIVATE KEY" not in shown


def test_the_first_password_opens_nothing_any_more(store: Store) -> None:
    assert store.api("GET", "/v1/security/users", auth=("admin", first_password(store))).status_code == 401


def test_no_log_holds_one(store: Store) -> None:
    output = store.logs("nexus") + store.logs("nginx") + store.make("up") + store.preview("--diff")[1]
    assert not [secret for secret in [*secrets(store), first_password(store)] if secret in output]


def test_the_stack_file_holds_none(store: Store) -> None:
    assert not [secret for secret in secrets(store) if secret in store.file.read_text()]


def test_no_docker_that_an_up_starts_has_pulumi_s_environment(store: Store, tmp_path: Path) -> None:
    """A docker before the real one notes what it and its parent were started with; nginx is reloaded on the way."""
    seen, real = tmp_path / "seen", shutil.which("docker")
    wrapper = tmp_path / "docker"
    note = f"tr '\\0' '\\n' </proc/$$/environ | grep '^PULUMI_' >>{seen}"
    wrapper.write_text(f'#!/bin/sh\n{note}\necho "started $*" >>{seen}\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    store.configure("nginx.rateLimit.clientConnections", "999")
    run(["make", "up", f"STACK={store.stack}"], PATH=path)
    store.unset("nginx.rateLimit")
    run(["make", "up", f"STACK={store.stack}"], PATH=path)
    lines = seen.read_text().splitlines()
    assert any("started exec" in line and store.container("nginx") in line for line in lines)
    assert [line for line in lines if line.startswith("PULUMI_")] == []
