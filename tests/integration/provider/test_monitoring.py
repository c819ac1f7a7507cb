"""A real Prometheus loads the generated files, scrapes the store as its user, and answers the dashboard's queries."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from cli.monitoring import facts
from cli.monitoring.dashboard import PANELS
from cli.monitoring.files import PASSWORD_FILE, RULES, Watched, files
from cli.monitoring.samples import Sample, text
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from stacks.monitoring import USER
from tests.integration.provider.play import ADMIN, Play
from tests.support.ports import free_port
from tests.support.serving import SilentHandler, serve, stop
from tests.support.versions import NEWEST_RELEASE

PASSWORD = "the-password-of-metrics"
METRICS = "/service/metrics/prometheus"
# Metrics that the stand-in, a machine without backups and one without `watch` do not have.
ADDED = (
    Sample("backup_at_seconds", 1),
    Sample("drift", 1),
    Sample("undeclared_administrators", 0),
)


@pytest.fixture(scope="module")
def watched(play: Play) -> Play:
    play.wanted |= {
        "blobStores": {"files": {}},
        "repositories": {"files": {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "files"}}},
        "monitoring": {"scrapeFrom": ["127.0.0.0/8"]},
        "maintenance": {"window": "01:00-05:00"},
    }
    play.wanted["passwords"] |= {USER: PASSWORD}
    play.up()
    return play


def metrics_of(play: Play) -> str:
    authority = (play.folder / "ca.pem").read_text()
    client = NexusClient(
        Connection(url=play.environment["NEXUS_URL"], password=ADMIN, address="127.0.0.1", ca_pem=authority)
    )
    for task in client.get("/v1/tasks")["items"]:
        client.post(f"/v1/tasks/{task['id']}/run", None)
    found = [*facts.of_nexus(client, NEWEST_RELEASE, facts.now()), *facts.of_certificate(client.connection), *ADDED]
    return text(found, "p")


@pytest.fixture(scope="module")
def prometheus(watched: Play, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, facts_, port = tmp_path_factory.mktemp("prometheus"), metrics_of(watched), free_port()

    class Facts(SilentHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(facts_.encode())

    collector = ThreadingHTTPServer(("127.0.0.1", 0), Facts)
    serve(collector)
    authority = (watched.folder / "ca.pem").read_text()
    store = Watched("p", watched.environment["NEXUS_URL"], "127.0.0.1", authority)
    for name, content in files(store).items():
        (folder / name).write_text(content)
    (folder / PASSWORD_FILE).write_text(PASSWORD)
    configuration = yaml.safe_load((folder / "prometheus.yaml").read_text())
    configuration["scrape_configs"][0] |= {"scrape_interval": "1s", "scrape_timeout": "1s"}
    node = {"job_name": "node", "scrape_interval": "1s", "scrape_timeout": "1s"}
    targets = [{"targets": [f"127.0.0.1:{collector.server_port}"]}]
    configuration["scrape_configs"].append({**node, "static_configs": targets})
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration))
    with started(folder, port) as url:
        yield url
    stop(collector)


class started:
    """Runs a Prometheus on loopback inside the block."""

    def __init__(self, folder: Path, port: int) -> None:
        self._url, self._folder, self._port = f"http://127.0.0.1:{port}", folder, port

    def __enter__(self) -> str:
        log = (self._folder / "log").open("w")
        place = [f"--config.file={self._folder / 'prometheus.yaml'}", f"--storage.tsdb.path={self._folder / 'data'}"]
        listen = f"--web.listen-address=127.0.0.1:{self._port}"
        self._process = subprocess.Popen(["prometheus", *place, listen], stdout=log, stderr=log)
        return self._url

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


def answer(url: str, query: str) -> list[Any]:
    """Waits for series of a query, up to a minute, and returns them."""
    for _ in range(120):
        with suppress(requests.RequestException, KeyError):
            found = requests.get(f"{url}/api/v1/query", {"query": query}, timeout=10).json()["data"]["result"]
            if found:
                return list(found)
        time.sleep(0.5)
    return []


def test_the_user_reads_only_the_metrics(watched: Play) -> None:
    def status(path: str, user: str | None) -> int:
        auth = (user, PASSWORD) if user else None
        return requests.get(f"http://127.0.0.1:{watched.plain_port}{path}", auth=auth, timeout=60).status_code

    assert status(METRICS, USER) == 200
    assert status(METRICS, None) == 401
    assert status("/service/rest/v1/security/users", USER) == 403
    assert status("/service/rest/v1/blobstores", USER) == 403
    assert status("/repository/files/x", USER) == 403


def test_prometheus_scrapes_the_store_over_verified_tls(prometheus: str) -> None:
    (series,) = answer(prometheus, 'up{job="repository-store",stack="p"} == 1')
    assert series["metric"]["stack"] == "p"


@pytest.mark.parametrize("query", [panel.query for panel in PANELS], ids=[panel.title for panel in PANELS])
def test_every_query_of_the_dashboard_returns_series(prometheus: str, query: str) -> None:
    assert answer(prometheus, query.replace("$stack", "p"))


def test_every_alert_is_loaded_and_its_metrics_exist(prometheus: str) -> None:
    assert answer(prometheus, "vector(1)")
    groups = requests.get(f"{prometheus}/api/v1/rules", timeout=10).json()["data"]["groups"]
    loaded = {rule["name"] for group in groups for rule in group["rules"]}
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    assert loaded == {rule["alert"] for rule in rules}
    names = set(re.findall(r"\b(?:repository_store|jvm)_\w+", json.dumps(rules))) - {"repository_store_quota_violated"}
    assert [name for name in sorted(names) if not answer(prometheus, name)] == []
    patterns = set(re.findall(r'__name__=~"([^"]+)"', yaml.safe_dump(rules, width=1000)))
    assert len(patterns) == 3
    assert [each for each in sorted(patterns) if not answer(prometheus, f'{{__name__=~"{each}"}}')] == []
