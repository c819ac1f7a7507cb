"""`metrics` and `monitoring`: facts in Prometheus's format, and access to Nexus's own metrics."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.monitoring import facts
from cli.monitoring.samples import HELP, Sample, text
from nexus.errors import NotFound, Unreachable
from policy.rule import StackRule
from policy.rules import RULES
from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from tests.unit.policy.resources import role, user

STACKS = Path(__file__).parents[3] / "stacks"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MONITORED: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "passwords": {"admin": "a", "metrics": "b"},
    "monitoring": {"scrapeFrom": ["10.0.0.0/8"]},
}


class Server:
    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def get(self, path: str, **query: str) -> Any:
        answer = self._answers.get(path + query.get("metric", ""), NotFound("no such request"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def of_nexus(**answers: Any) -> dict[str, list[tuple[float, dict[str, str]]]]:
    bodies = {"/v1/blobstores": [], "/v1/status/writable": None, "/v1/tasks": {"items": []}} | answers
    found: dict[str, list[tuple[float, dict[str, str]]]] = {}
    for sample in facts.of_nexus(Server(bodies), "3.95.2", NOW):
        assert sample.name in HELP
        found.setdefault(sample.name, []).append((sample.value, dict(sample.labels)))
    return found


def test_metrics_have_blob_stores_and_quotas() -> None:
    stores = [
        {"name": "a", "totalSizeInBytes": 7, "availableSpaceInBytes": 100, "softQuota": {"type": "x", "limit": 1}},
        {"name": "cloud", "totalSizeInBytes": 5, "availableSpaceInBytes": (1 << 63) - 1, "softQuota": None},
    ]
    found = of_nexus(**{"/v1/blobstores": stores, "/v1/blobstores/a/quota-status": {"isViolation": True}})
    assert found["blob_store_bytes"] == [(7, {"blob_store": "a"}), (5, {"blob_store": "cloud"})]
    assert found["blob_store_available_bytes"] == [(100, {"blob_store": "a"})]
    assert found["quota_violated"] == [(1, {"blob_store": "a"})]


def test_metrics_have_the_read_only_state() -> None:
    assert of_nexus()["read_only"] == [(0, {})]
    assert of_nexus(**{"/v1/status/writable": Unreachable("503")})["read_only"] == [(1, {})]


def test_metrics_have_the_last_result_of_tasks() -> None:
    ran = {"lastRun": "2026-11-25T01:00:00.000+00:00", "type": "blobstore.compact"}
    items = [
        {"name": "good", "lastRunResult": "OK", **ran},
        {"name": "bad", "lastRunResult": "FAILED", **ran},
        {"name": "never", "type": "blobstore.compact", "lastRun": None, "lastRunResult": None},
    ]
    found = of_nexus(**{"/v1/tasks": {"items": items}})
    assert [value for value, _ in found["task_failed"]] == [0, 1]
    at = datetime(2026, 11, 25, 1, tzinfo=UTC).timestamp()
    assert found["task_run_at_seconds"][0] == (at, {"task": "good", "type": "blobstore.compact"})
    assert len(found["task_run_at_seconds"]) == 2


def test_metrics_omit_counts_that_the_server_does_not_have() -> None:
    assert not {"requests", "components"} & of_nexus().keys()
    day = {"data": [{"date": "2026-11-25", "value": 9}]}
    found = of_nexus(**{"/v1/usage-historyrequests": day, "/v1/usage-historycomponents": day})
    assert (found["requests"], found["components_granted"]) == ([(9, {})], [(40_000, {})])


def test_metrics_have_the_last_snapshot_or_that_there_is_none(tmp_path: Path) -> None:
    assert [sample.value for sample in facts.of_backups(tmp_path / "absent")] == [0]
    for name in ("2026-11-24T01-00-00Z", "2026-11-25T01-00-00Z", "2026-11-26T01-00-00Z.partial"):
        (tmp_path / name).mkdir()
    at = datetime(2026, 11, 25, 1, tzinfo=UTC).timestamp()
    assert [sample.value for sample in facts.of_backups(tmp_path)] == [at]


def test_label_values_are_escaped_for_prometheus() -> None:
    samples = [Sample("task_failed", 1, {"task": 'a "b" \\c'}), Sample("facts_at_seconds", 1764072000.25)]
    assert text(samples, "p").splitlines() == [
        f"# HELP repository_store_facts_at_seconds {HELP['facts_at_seconds']}",
        "# TYPE repository_store_facts_at_seconds gauge",
        'repository_store_facts_at_seconds{stack="p"} 1764072000',
        f"# HELP repository_store_task_failed {HELP['task_failed']}",
        "# TYPE repository_store_task_failed gauge",
        'repository_store_task_failed{stack="p",task="a \\"b\\" \\\\c"} 1',
    ]


def test_the_metrics_user_may_only_read_metrics() -> None:
    settings = Settings.of(MONITORED, STACKS)
    assert settings.topology.users["metrics"].roles == ("metrics",)
    assert settings.topology.roles["metrics"].privileges == ("nx-metrics-all",)
    assert settings.nginx.metrics_allowed_from == ("10.0.0.0/8",)


def test_the_password_is_a_secret_of_the_stack_file() -> None:
    with pytest.raises(Refusal, match=r"passwords\.metrics"):
        Settings.of({**MONITORED, "passwords": {"admin": "a"}}, STACKS)


def test_a_declared_user_of_that_name_is_not_changed() -> None:
    user = {"roles": ["nx-admin"], "firstName": "M", "lastName": "M", "emailAddress": "m@domain.org"}
    settings = Settings.of({**MONITORED, "users": {"metrics": user}}, STACKS)
    assert settings.topology.users["metrics"].roles == ("nx-admin",)


def test_without_monitoring_nobody_reads_metrics() -> None:
    settings = Settings.of({**MONITORED, "monitoring": None}, STACKS)
    assert "metrics" not in settings.topology.users
    assert settings.nginx.metrics_allowed_from == ()


@pytest.mark.parametrize("networks", [[], ["everywhere"], "10.0.0.0/8"])
def test_scrapers_must_be_networks(networks: Any) -> None:
    with pytest.raises(Refusal, match=r"monitoring\.scrapeFrom"):
        Settings.of({**MONITORED, "monitoring": {"scrapeFrom": networks}}, STACKS)


def test_the_runbook_is_a_page() -> None:
    page = "https://git.domain.org/store/docs/monitoring.md"
    monitored = {**MONITORED["monitoring"], "runbookUrl": page}
    found = Settings.of({**MONITORED, "monitoring": monitored}, STACKS).monitoring
    assert found is not None
    assert found.runbook_url == page
    for wrong in ("", "docs/monitoring.md", f"{page}#storedown", "https://a/{{ x }}", "javascript:x", "https://a b"):
        with pytest.raises(Refusal, match=r"monitoring\.runbookUrl"):
            Settings.of({**MONITORED, "monitoring": {**monitored, "runbookUrl": wrong}}, STACKS)


@pytest.mark.parametrize("rule", ["administrators", "no-wildcard-privilege"])
def test_the_metrics_user_violates_no_policy(rule: str) -> None:
    found = Settings.of(MONITORED, STACKS).topology
    resources = [role("metrics", list(found.roles["metrics"].privileges)), user("metrics", "metrics")]
    (checked,) = [each for each in RULES if each.name == rule]
    assert isinstance(checked, StackRule)
    assert list(checked.check(resources)) == []
