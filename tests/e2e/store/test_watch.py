"""`watch` on a store that is changed by hand: exit codes, webhook and metric for a scheduled job."""

import json
import subprocess
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.authority import encrypt
from tests.e2e.store.faults import added_user
from tests.e2e.store.small_store import small_stack
from tests.e2e.store.store import ROOT, Store, outcome, run
from tests.support.promtool import check_alert
from tests.support.serving import SilentHandler, serve

FILES = "/v1/repositories/raw/hosted/files"


@pytest.fixture(scope="module")
def watched() -> Iterator[Store]:
    with small_stack("watch") as store:
        store.make("up")
        yield store
        (ROOT / ".local" / "watch" / f"{store.stack}.txt").unlink()  # the record of webhook calls


@pytest.fixture
def webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The URL of a webhook and its received requests."""
    texts: list[str] = []

    class Handler(SilentHandler):
        def do_POST(self) -> None:
            texts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(200)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        url, ca = encrypt(server, tmp_path)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
        serve(server)
        yield f"{url}/hook", texts
        server.shutdown()


def test_drift_is_reported_until_it_is_gone(watched: Store, webhook: tuple[str, list[str]], tmp_path: Path) -> None:
    url, texts = webhook
    metrics = tmp_path / "drift.prom"
    command = ["./store", "watch", "--stack", watched.stack, "--metrics", str(metrics)]
    code, output = outcome(command, WEBHOOK=url)
    assert (code, texts) == (0, []), output
    assert 'repository_store_drift{stack="watch"} 0' in metrics.read_text()

    before = watched.api("GET", FILES).json()
    assert watched.api("PUT", FILES, json={**before, "storage": {**before["storage"], "writePolicy": "DENY"}}).ok
    assert [outcome(command, WEBHOOK=url)[0] for _ in range(2)] == [3, 3]
    (text,) = texts
    assert "storage.writePolicy: DENY on the server (changed by hand), up sets ALLOW" in text
    assert 'repository_store_drift{stack="watch"} 1' in metrics.read_text()
    drift = 'repository_store_drift{stack="p"}'
    check_alert(tmp_path, "StoreDrift", "10m", firing={drift: "1x30"}, silent={drift: "0x30"})
    assert watched.api("GET", FILES).json()["storage"]["writePolicy"] == "DENY"  # the drift is still there

    watched.make("up")
    assert outcome(command, WEBHOOK=url)[0] == 0
    assert texts[1:] == ["watch is as its stack file says."]
    watched.make("watch")


def test_a_new_administrator_is_reported_at_once(
    watched: Store, webhook: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, texts = webhook
    metrics = tmp_path / "drift.prom"
    command = ["./store", "watch", "--stack", watched.stack, "--metrics", str(metrics)]
    with added_user(watched, "guest", "nx-anonymous"), added_user(watched, "mallory", "nx-admin"):
        code, output = outcome(command, WEBHOOK=url)
        assert code == 3, output
        assert "users.guest" in watched.make("report")
        as_json = ["./store", "preview", "--stack", watched.stack, "--json"]
        done = subprocess.run(as_json, cwd=ROOT, capture_output=True, text=True, check=True)
        preview = json.loads(done.stdout)
        report = watched.make("preview-report", REFRESH="1")
    assert texts[0].splitlines()[1:] == [
        "users.mallory is an administrator that the stack does not declare",
        "users.guest is on the server and not in the stack; up leaves it there",
    ]
    assert (preview["changes"], preview["additions"]) == (
        [],
        {"administrators": ["users.mallory"], "objects": ["users.guest"]},
    )
    assert "> **Administrators that the stack does not declare:**\n> - `users.mallory`" in report
    assert 'repository_store_undeclared_administrators{stack="watch"} 1' in metrics.read_text()
    found = 'repository_store_undeclared_administrators{stack="p"}'
    check_alert(tmp_path, "StoreNewAdministrator", "1m", firing={found: "1x30"}, silent={found: "0x30"})
    assert outcome(command, WEBHOOK=url)[0] == 0


def test_a_stopped_container_is_drift_and_a_wrong_stack_file_an_error(
    watched: Store, webhook: tuple[str, list[str]]
) -> None:
    url, texts = webhook
    command = ["./store", "watch", "--stack", watched.stack]
    run(["docker", "stop", watched.container("nginx")])
    assert outcome(command, WEBHOOK=url)[0] == 3
    assert f"{watched.container('nginx')} is stopped" in texts[0]
    run(["docker", "start", watched.container("nginx")])

    kept = watched.file.read_text()
    watched.configure("nginx.httpsPort", "none")
    assert outcome(command, WEBHOOK=url)[0] == 1
    assert "the check for drift failed" in texts[1]
    watched.file.write_text(kept)
