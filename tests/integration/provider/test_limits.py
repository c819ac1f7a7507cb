"""The usage of limits is the server's own count, of requests for content only."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests

from cli.doctor import server
from cli.limits import usage
from cli.stack.stack import Stack
from nexus.errors import Rejected
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from tests.integration.provider.play import ADMIN, FIRST, Play
from tests.support.ports import free_port
from tests.support.versions import NEWEST_RELEASE

REQUESTS = 60


def client_of(play: Play) -> NexusClient:
    authority = (play.folder / "ca.pem").read_text()
    url = play.environment["NEXUS_URL"]
    return NexusClient(Connection(url=url, password=ADMIN, address="127.0.0.1", ca_pem=authority))


@pytest.fixture(scope="module")
def asked(play: Play) -> NexusClient:
    """A server that got REQUESTS requests for content, a third of them with a wrong password, and as many others."""
    port = free_port()
    stored = {"storage": {"blobStoreName": "files", "strictContentTypeValidation": False, "writePolicy": "ALLOW"}}
    play.wanted |= {
        "blobStores": {"files": {}},
        "repositories": {
            "files": {"format": "raw", "type": "hosted", **stored},
            "images": {"format": "docker", "type": "hosted", "docker": {"httpPort": port}, **stored},
        },
    }
    play.up()
    before = used(client_of(play), "requests")
    assert before == 0
    play.store("files/a.txt", b"a")
    main = f"http://127.0.0.1:{play.plain_port}"
    for number in range(REQUESTS // 3):
        requests.get(f"{main}/repository/files/{number}", auth=("admin", "wrong"), timeout=60)
        requests.head(f"{main}/repository/files/a.txt", auth=("admin", ADMIN), timeout=60)
        requests.get(f"http://127.0.0.1:{port}/v2/", timeout=60)
        requests.get(f"{main}/service/rest/v1/status", timeout=60)
        requests.get(main, timeout=60)
    return client_of(play)


def used(client: NexusClient, metric: str) -> int:
    history = usage.history(client, metric)
    assert history is not None
    assert len(history) == 7
    return sum(point.value for point in history)


def test_requests_for_content_are_counted_whoever_sends_them(asked: NexusClient) -> None:
    assert used(asked, "requests") == REQUESTS + 1  # with the upload
    history = usage.history(asked, "requests") or []
    assert usage.last_24_hours(history, datetime.now(UTC)) == REQUESTS + 1


def test_existing_components_are_counted(asked: NexusClient) -> None:
    assert (usage.history(asked, "components") or [])[-1].value == 1
    monthly = asked.get("/v1/usage-history", metric="components", period="monthly")
    assert (len(monthly["data"]), monthly["data"][-1]["value"]) == (12, 1)


@pytest.mark.parametrize("query", [{"metric": "bytes", "period": "daily"}, {"metric": "requests", "period": "hourly"}])
def test_unknown_metrics_and_periods_are_refused(query: dict[str, str], asked: NexusClient) -> None:
    with pytest.raises(Rejected, match="400"):
        asked.get("/v1/usage-history", **query)


def test_the_doctor_shows_the_same_count(asked: NexusClient) -> None:
    state = {"deployment": {"resources": [{"outputs": {"nexus_version": NEWEST_RELEASE}}]}}
    (found,) = server.limits(Stack("trial"), asked, state)
    assert found.detail == f"{REQUESTS + 1} requests, 1 components used"
    assert not found.fix


def test_a_server_before_3_92_has_no_count(playing: Callable[..., Play]) -> None:
    with playing("3.90") as old:
        old.change_password(FIRST, ADMIN)
        assert usage.history(client_of(old), "requests") is None
