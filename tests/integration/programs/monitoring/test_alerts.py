"""Each alert fires for series with its cause, is silent for others, and has a section in the runbook."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.monitoring.dashboard import PANELS
from cli.monitoring.files import PASSWORD_FILE, RULES, Watched, files
from cli.monitoring.samples import HELP, PREFIX
from tests.integration.provider.samples import certificate
from tests.support.promtool import check_alert, promtool

DOCS = Path(__file__).parents[4] / "docs" / "monitoring.md"
NEXUS = '{job="repository-store",stack="p"}'
STORE = '{stack="p"}'
OF = '{stack="p",blob_store="b"}'
TASK = '{stack="p",task="t",type="blobstore.compact"}'
# Names of core 3.77.
JETTY = "org_eclipse_jetty_webapp_WebAppContext"
QUARTER = '{job="repository-store",stack="p",quantile="0.75"}'
SLOWEST = '{job="repository-store",stack="p",quantile="0.999"}'
DAYS = 86400
# By alert: when it fires, series in which it fires, and series in which it does not, with a value for every minute.
CASES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "StoreDown": ("10m", {f"up{NEXUS}": "0x20"}, {f"up{NEXUS}": "0x2 1x20"}),
    "StoreSlow": (
        "20m", {f"scrape_duration_seconds{NEXUS}": "6x30"}, {f"scrape_duration_seconds{NEXUS}": "6x5 1x30"}
    ),
    "StoreFails": (
        "20m",
        {f"{JETTY}_5xx_responses_total{NEXUS}": "0+6x30", f"{JETTY}_requests_count{NEXUS}": "0+100x30"},
        {f"{JETTY}_5xx_responses_total{NEXUS}": "0+4x30", f"{JETTY}_requests_count{NEXUS}": "0+100x30"},
    ),
    "StoreRequestsSlow": (
        "20m",
        {f"{JETTY}_requests{QUARTER}": "6x30"},
        {f"{JETTY}_requests{QUARTER}": "6x5 1x30", f"{JETTY}_requests{SLOWEST}": "60x30"},
    ),
    "StoreHeapFull": (
        "20m", {f"jvm_memory_heap_usage{NEXUS}": "0.95x30"}, {f"jvm_memory_heap_usage{NEXUS}": "0.85x30"}
    ),
    "StoreOpenFiles": ("15m", {f"jvm_fd_usage{NEXUS}": "0.9x30"}, {f"jvm_fd_usage{NEXUS}": "0.1x30"}),
    "StoreDeadlock": (
        "10m",
        {f"jvm_thread_states_deadlock_count{NEXUS}": "2x30"},
        {f"jvm_thread_states_deadlock_count{NEXUS}": "0x30"},
    ),
    "StoreReadOnly": ("40m", {f"{PREFIX}read_only{STORE}": "1x60"}, {f"{PREFIX}read_only{STORE}": "1x20 0x60"}),
    "StoreDiskFull": (
        "10m",
        {f"{PREFIX}blob_store_available_bytes{OF}": "4e9x30"},
        {f"{PREFIX}blob_store_available_bytes{OF}": "6e9x30"},
    ),
    "StoreDiskFills": (
        "1h30m",
        {f"{PREFIX}blob_store_available_bytes{OF}": "1e12-1e8x100"},
        {f"{PREFIX}blob_store_available_bytes{OF}": "1e12-1e7x100"},
    ),
    "StoreQuotaViolated": ("20m", {f"{PREFIX}quota_violated{OF}": "1x30"}, {f"{PREFIX}quota_violated{OF}": "0x30"}),
    "StoreRequestsNearlySpent": (
        "20m",
        {f"{PREFIX}requests{STORE}": "80000x30", f"{PREFIX}requests_granted{STORE}": "100000x30"},
        {f"{PREFIX}requests{STORE}": "79999x30", f"{PREFIX}requests_granted{STORE}": "100000x30"},
    ),
    "StoreComponentsNearlySpent": (
        "90m",
        {f"{PREFIX}components{STORE}": "32000x100", f"{PREFIX}components_granted{STORE}": "40000x100"},
        {f"{PREFIX}components{STORE}": "31999x100", f"{PREFIX}components_granted{STORE}": "40000x100"},
    ),
    # promtool's time begins at 0.
    "StoreCertificateExpires": (
        "90m",
        {f"{PREFIX}certificate_expires_at_seconds{STORE}": f"{13 * DAYS}x100"},
        {f"{PREFIX}certificate_expires_at_seconds{STORE}": f"{15 * DAYS}x100"},
    ),
    "StoreBackupTooOld": (
        "90m",
        {f"{PREFIX}backup_at_seconds{STORE}": f"-{2 * DAYS}x100"},
        {f"{PREFIX}backup_at_seconds{STORE}": f"-{DAYS}x100"},
    ),
    "StoreTaskFailed": ("10m", {f"{PREFIX}task_failed{TASK}": "1x30"}, {f"{PREFIX}task_failed{TASK}": "0x30"}),
    "StoreNotCompacted": (
        "90m",
        {f"{PREFIX}task_run_at_seconds{TASK}": f"-{3 * DAYS}x100"},
        {f"{PREFIX}task_run_at_seconds{TASK}": f"-{DAYS}x100"},
    ),
    "StoreNewAdministrator": (
        "1m",
        {f"{PREFIX}undeclared_administrators{STORE}": "1x30"},
        {f"{PREFIX}undeclared_administrators{STORE}": "0x30"},
    ),
    "StoreDrift": ("10m", {f"{PREFIX}drift{STORE}": "2x30"}, {f"{PREFIX}drift{STORE}": "0x30"}),
    "StoreFactsStale": (
        "150m", {f"{PREFIX}facts_at_seconds{STORE}": "0x200"}, {f"{PREFIX}facts_at_seconds{STORE}": "0+60x200"}
    ),
}  # fmt: skip
ALERTS = {rule["alert"]: rule for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]}


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == ALERTS.keys()


@pytest.mark.parametrize("alert", CASES)
def test_an_alert_only_fires_for_its_cause(alert: str, tmp_path: Path) -> None:
    after, firing, silent = CASES[alert]
    check_alert(tmp_path, alert, after, firing=firing, silent=silent)


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_names_its_stack_and_has_a_section_in_the_runbook(alert: str) -> None:
    assert "{{ $labels.stack }}" in ALERTS[alert]["annotations"]["summary"]
    section = DOCS.read_text().partition(f"\n### {alert}\n")[2].partition("\n### ")[0]
    assert re.search(r"`[^`]+`", section), f"docs/monitoring.md names no command under {alert}"


def test_every_alert_links_to_its_section_in_the_runbook() -> None:
    """Forges make the anchor of a heading of one word by writing it in lower case."""
    page = "https://git.domain.org/store/docs/monitoring.md"
    written = files(Watched("p", "https://nexus.domain.org", "", "", page))[RULES.name]
    rules = yaml.safe_load(written)["groups"][0]["rules"]
    assert {rule["alert"]: rule["annotations"].pop("runbook_url") for rule in rules} == {
        alert: f"{page}#{alert.lower()}" for alert in ALERTS
    }
    assert rules == yaml.safe_load(RULES.read_text())["groups"][0]["rules"], "nothing else may change"
    runbook = DOCS.read_text().partition("\n## Runbook\n")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^### (.+)$", runbook) == list(ALERTS), "a section without an alert, or in another order"
    assert len({heading.lower() for heading in re.findall(r"(?m)^#+ (.+)$", DOCS.read_text())}) == len(
        re.findall(r"(?m)^#+ ", DOCS.read_text())
    )


def test_without_a_setting_the_link_names_the_page_of_this_repository() -> None:
    rules = yaml.safe_load(files(STORES["public"])[RULES.name])["groups"][0]["rules"]
    page = {rule["annotations"]["runbook_url"].partition("#")[0] for rule in rules}
    assert [DOCS.parents[1] / each for each in page] == [DOCS]


FIRST_LOOK = ["Up", "Certificate, days left", "Free on the disk", "Age of the last backup", "Drift", "Failed tasks"]


def test_the_dashboard_reads_the_data_source_that_its_user_chooses() -> None:
    made = json.loads(files(STORES["public"])["dashboard.json"])
    source, stack = made["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", "prometheus")
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    readers = [stack, *made["panels"], *(target for panel in made["panels"] for target in panel["targets"])]
    assert [reader["datasource"] for reader in readers] == [chosen] * len(readers)


def test_the_dashboard_begins_with_single_values() -> None:
    panels = json.loads(files(STORES["public"])["dashboard.json"])["panels"]
    stats = [panel for panel in panels if panel["type"] == "stat"]
    assert [panel["title"] for panel in stats] == FIRST_LOOK
    assert {panel["gridPos"]["y"] for panel in stats} == {0}
    for panel in stats:
        steps = [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
        assert steps[0] is None
        assert steps[1:] == sorted(steps[1:])
    cells = [
        (place["x"] + x, place["y"] + y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["w"])
        for y in range(place["h"])
    ]
    assert len(cells) == len(set(cells)), "panels overlap"
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)


STORES = {
    "own authority": Watched("p", "https://nexus.domain.org:8443", "10.0.0.5", certificate()),
    "ipv6": Watched("p", "https://nexus.domain.org", "fd00::5", ""),
    "public": Watched("p", "https://nexus.domain.org/nexus", "", ""),
}


@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
def test_prometheus_accepts_the_configuration(store: Watched, tmp_path: Path) -> None:
    for name, content in files(store).items():
        (tmp_path / name).write_text(content)
    (tmp_path / PASSWORD_FILE).write_text("x")
    promtool("check", "config", "prometheus.yaml", cwd=tmp_path)


def test_no_generated_file_contains_the_password() -> None:
    written = files(STORES["own authority"])
    assert yaml.safe_load(written["prometheus.yaml"])["scrape_configs"][0]["basic_auth"] == {
        "username": "metrics",
        "password_file": PASSWORD_FILE,
    }
    assert PASSWORD_FILE not in written


def test_prometheus_parses_every_query_of_the_dashboard(tmp_path: Path) -> None:
    queries = [panel["targets"][0]["expr"] for panel in json.loads(files(STORES["public"])["dashboard.json"])["panels"]]
    assert len(queries) == len(PANELS)
    rules: list[dict[str, Any]] = [{"record": f"panel{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)


def test_every_metric_in_alerts_and_dashboard_is_exported() -> None:
    asked = " ".join([*(rule["expr"] for rule in ALERTS.values()), *(panel.query for panel in PANELS)])
    assert {name.removeprefix(PREFIX) for name in re.findall(rf"{PREFIX}\w+", asked)} <= HELP.keys()
