"""No secret of the store is where somebody could read it."""

import json

from tests.e2e.store import ROOT, Store, run


def secrets(store: Store) -> list[str]:
    passphrase = (ROOT / ".local" / "passphrase").read_text().strip()
    return [store.admin[1], store.jenkins[1], store.ci_pull[1], store.ci_push[1], passphrase]


def first_password(store: Store) -> str:
    """What the server started with, which its container's environment shows."""
    shown = json.loads(run(["docker", "inspect", store.container("nexus")]))[0]["Config"]["Env"]
    return next(entry.split("=", 1)[1] for entry in shown if entry.startswith("NEXUS_SECURITY_INITIAL_PASSWORD="))


def test_the_exported_state_holds_none(store: Store) -> None:
    code, state = store.pulumi("stack", "export")
    assert code == 0
    assert "BEGIN CERTIFICATE" in state
    for secret in [*secrets(store), first_password(store)]:
        assert secret not in state
    assert "PRIVATE KEY" not in state


def test_the_containers_show_none(store: Store) -> None:
    for role in ("nexus", "nginx"):
        shown = run(["docker", "inspect", store.container(role)])
        assert not [secret for secret in secrets(store) if secret in shown]
        assert "PRIVATE KEY" not in shown


def test_the_first_password_opens_nothing_any_more(store: Store) -> None:
    assert store.api("GET", "/v1/security/users", auth=("admin", first_password(store))).status_code == 401


def test_no_log_holds_one(store: Store) -> None:
    said = store.logs("nexus") + store.logs("nginx") + store.make("up") + store.preview("--diff")[1]
    assert not [secret for secret in [*secrets(store), first_password(store)] if secret in said]


def test_the_stack_file_holds_none(store: Store) -> None:
    assert not [secret for secret in secrets(store) if secret in store.file.read_text()]
