"""`limits`: the Community Edition's counts, the forecast of the limit, and the warnings."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cli.commands import limits
from cli.limits import usage
from cli.limits.access_log import counted
from cli.stack.stack import Stack
from nexus.errors import NotFound

SONATYPE = {"nexus_kind": "sonatype", "nexus_version": "3.95.2"}
DAY = date(2026, 11, 1)
LAYER = f"/v2/team/app/blobs/sha256:{'a' * 64}"


def points(*values: int) -> list[usage.Point]:
    return [usage.Point(DAY + timedelta(days=number), value) for number, value in enumerate(values)]


class Server:
    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def get(self, path: str, **query: str) -> Any:
        assert (path, query) == ("/v1/usage-history", {"metric": "requests", "period": "daily"})
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_the_servers_own_count_is_read() -> None:
    answer = {"metric": "requests", "data": [{"date": "2026-11-01", "value": 7}, {"date": "2026-11-02", "value": None}]}
    assert usage.history(Server(answer), "requests") == points(7, 0)


def test_a_server_without_a_count_is_reported() -> None:
    assert usage.history(Server(NotFound("no such request")), "requests") is None


def test_the_last_24_hours_include_a_part_of_yesterday() -> None:
    evening = datetime(2026, 11, 2, 18, tzinfo=UTC)
    assert usage.last_24_hours(points(4000, 500), evening) == 1500
    assert usage.last_24_hours(points(4000), datetime(2026, 11, 9, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ((100, 200, 300), DAY + timedelta(days=9)),
        ((300, 200, 100), None),
        ((100, 100), None),
        ((1000, 2000), DAY + timedelta(days=1)),
        ((1,), None),
        ((1, 1, 2), None),
    ],
)
def test_the_forecast_is_a_line_through_the_days(values: tuple[int, ...], day: date | None) -> None:
    assert usage.exceeded_on(points(*values), 1000) == day


@pytest.mark.parametrize(("version", "requests"), [("3.86.2", 200_000), ("3.87.0", 100_000), ("", 100_000)])
def test_the_limits_depend_on_the_release(version: str, requests: int) -> None:
    assert usage.limits(version).requests == requests


def test_warnings_begin_at_80_percent() -> None:
    granted = usage.Limits(100_000, 40_000)
    assert usage.warnings({"requests": 79_999, "components": 31_999}, granted) == []
    (warning,) = usage.warnings({"requests": 80_000, "components": 0}, granted)
    assert "80000 of the 100000 requests in 24 hours" in warning
    assert "(80%)" in warning


def line(path: str, status: int = 200, client: str = "10.0.0.5") -> str:
    return f'{client} - ci [25/Nov/2026:10:00:00 +0000] "GET {path} HTTP/1.1" {status} 12 "-" "docker/28"'


def test_a_json_log_has_the_same_counts_and_names_docker_repositories() -> None:
    def request(path: str, repository: str, status: int = 200, cache: str = "") -> str:
        named = {"time": "2026-11-25T10:00:00+00:00", "client": "10.0.0.5", "path": path, "repository": repository}
        return json.dumps(named | {"status": status, "cache": cache})

    lines = [
        request("/repository/yum-group/repodata/repomd.xml", "yum-group"),
        request("/v2/team/app/manifests/1", "docker-group", 401),
        request("/v2/", ""),
        request("/v2/", "docker-group", 429),
        request("/service/rest/v1/status", ""),
        request(LAYER, "docker-group", cache="HIT"),
        request(LAYER, "docker-group", cache="MISS"),
        request("/v2/", "", 401, cache="HIT"),
        "{broken",
    ]
    found = counted(lines)
    assert (found.requests, found.unauthorized, found.answered) == (6, 1, 1)
    assert found.repositories == {"yum-group": 1, "docker-group": 4, "docker": 1}
    assert found.first == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_the_log_is_counted_like_nexus_does() -> None:
    found = counted(
        [
            "2026/11/25 10:00:00 [warn] 7#7: something",
            line("/service/rest/v1/repositories"),
            line("/"),
            line("/repository/maven-public/org/app.pom"),
            line("/repository/maven-public/org/app.jar", 401, "10.0.0.6"),
            line("//repository/yum-group/repodata/repomd.xml?x=1"),
            line("/v2/"),
            line("/v2/team/app/manifests/1", 429),
            line("/repository/maven-public/org/app.pom", 421),
            line("/v2x/"),
            "blob-cache HIT 100 /v2/team/app/blobs/sha256:00",
            "blob-cache MISS 100 /v2/team/app/blobs/sha256:00",
            f"answered {line('/repository/maven-public/org/app.pom', 401)}",
        ]
    )
    assert (found.requests, found.unauthorized, found.answered) == (7, 1, 1)
    assert found.repositories == {"maven-public": 2, "yum-group": 1, "docker": 4}
    assert found.clients == {"10.0.0.5": 3, "10.0.0.6": 1}
    assert found.first == datetime(2026, 11, 25, 10, tzinfo=UTC)


class Store:
    """A server with these counts, which listens or not."""

    def __init__(self, used: dict[str, int], *, listens: bool = True) -> None:
        self._used = used
        self.connection = self
        self.silence = lambda: "" if listens else "Connection refused"

    def get(self, path: str, **query: str) -> Any:
        return {"data": [{"date": datetime.now(UTC).date().isoformat(), "value": self._used[query["metric"]]}]}


@pytest.mark.parametrize(
    ("requests", "components", "listens", "warnings"),
    [
        (80_000, 1, True, ["80000 of the 100000 requests in 24 hours"]),
        (1, 32_000, True, ["32000 of the 40000 components"]),
        (79_999, 31_999, True, []),
        (99_999, 39_999, False, []),
    ],
)
def test_up_and_preview_reports_warn_near_the_limits(
    requests: int, components: int, listens: bool, warnings: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    server = Store({"requests": requests, "components": components}, listens=listens)
    monkeypatch.setattr(limits, "client_of", lambda *_: server)
    found = limits.near(Stack("production"), {}, "3.95.2")
    assert [text.split(" that the Community")[0] for text in found] == warnings
    assert all(text.endswith(": make limits STACK=production") for text in found)
    limits.warn(Stack("production"), {}, "3.95.2")
    assert capsys.readouterr().err.count("warning: ") == len(warnings)


@pytest.mark.parametrize(("last_up", "asks"), [({}, 0), ({"nexus_kind": "stand-in"}, 0), (SONATYPE, 1)])
def test_a_report_only_asks_sonatypes_servers(
    last_up: dict[str, str], asks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.stack.outputs.outputs", lambda *_: last_up)
    monkeypatch.setattr(limits, "near", lambda *_: ["x"])
    assert len(limits.near_of_last_up(Stack("production"), {})) == asks


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_json: bool) -> tuple[str, str]:
    log = counted([line("/repository/files/a"), line("/repository/files/b", 401, "10.0.0.6")])
    monkeypatch.setattr(limits, "readable", lambda name: (Stack(name), {}))
    monkeypatch.setattr("cli.stack.outputs.outputs", lambda *_: SONATYPE)
    monkeypatch.setattr(limits, "client_of", lambda *_: Store({"requests": 90_000, "components": 10}))
    monkeypatch.setattr(limits, "_log", lambda _: log)
    limits.limits("trial", as_json=as_json)
    return capsys.readouterr()


def test_the_result_can_be_read_by_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = shown(monkeypatch, capsys, as_json=True)
    found = json.loads(out)
    assert (found["stack"], found["version"]) == ("trial", "3.95.2")
    requests = {"used": 90_000, "limit": 100_000, "left": 10_000, "countedBy": "server", "fullOn": None, "since": None}
    assert found["requests"] == requests
    assert found["components"]["left"] == 39_990
    assert (found["clients"], found["repositories"]) == ({"10.0.0.5": 1, "10.0.0.6": 1}, {"files": 2})
    assert (found["unauthorized"], found["answeredByNginx"]) == (1, 0)
    assert err.startswith("warning: 90000 of the 100000 requests")
    out, _ = shown(monkeypatch, capsys, as_json=False)
    assert out.startswith("requests in 24 hours: 90000 of 100000 used (90%), 10000 left (by the server's own count)\n")
