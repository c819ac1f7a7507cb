"""A dashboard for Grafana: what to look at first, and below it the course of each value."""

from dataclasses import dataclass
from typing import Any

JETTY = "org_eclipse_jetty_.*WebAppContext"
"""The prefix of Nexus's own request metrics; the package of Jetty differs between releases."""
DAY = 86400
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_STAT, _SERIES = {"w": 4, "h": 4}, {"w": 12, "h": 8}
_WIDTH = 24
"""Of Grafana's grid."""


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    query: str
    steps: tuple[tuple[float | None, str], ...] = ()
    """The colours of a single value, each from a number on, the first for all below; empty for a time series."""


def _down_to(orange: float, red: float) -> tuple[tuple[float | None, str], ...]:
    return (None, "red"), (red, "orange"), (orange, "green")


def _up_to(orange: float, red: float) -> tuple[tuple[float | None, str], ...]:
    return (None, "green"), (orange, "orange"), (red, "red")


PANELS = (
    Panel("Up", "bool_on_off", 'up{job="repository-store",stack="$stack"}', ((None, "red"), (1, "green"))),
    Panel(
        "Certificate, days left",
        "none",
        f'floor((repository_store_certificate_expires_at_seconds{{stack="$stack"}} - time()) / {DAY})',
        _down_to(28, 14),
    ),
    Panel(
        "Free on the disk",
        "bytes",
        'min(repository_store_blob_store_available_bytes{stack="$stack"})',
        _down_to(20e9, 5e9),
    ),
    Panel(
        "Age of the last backup",
        "s",
        'time() - repository_store_backup_at_seconds{stack="$stack"}',
        _up_to(1.5 * DAY, 2 * DAY),
    ),
    Panel("Drift", "none", 'repository_store_drift{stack="$stack"}', ((None, "green"), (1, "red"))),
    Panel("Failed tasks", "none", 'sum(repository_store_task_failed{stack="$stack"})', ((None, "green"), (1, "red"))),
    Panel("Duration of a scrape", "s", 'scrape_duration_seconds{job="repository-store",stack="$stack"}'),
    Panel(
        "Requests per second",
        "reqps",
        f'sum(rate({{__name__=~"{JETTY}_requests_count",job="repository-store",stack="$stack"}}[5m]))',
    ),
    Panel(
        "5xx responses per second",
        "reqps",
        f'sum(rate({{__name__=~"{JETTY}_5xx_responses_total",job="repository-store",stack="$stack"}}[5m]))',
    ),
    Panel(
        "Response time, 75th percentile",
        "s",
        f'{{__name__=~"{JETTY}_requests",job="repository-store",stack="$stack",quantile="0.75"}}',
    ),
    Panel("Heap", "percentunit", 'jvm_memory_heap_usage{job="repository-store",stack="$stack"}'),
    Panel("Open files", "percentunit", 'jvm_fd_usage{job="repository-store",stack="$stack"}'),
    Panel("Free, by blob store", "bytes", 'repository_store_blob_store_available_bytes{stack="$stack"}'),
    Panel("Blob stores", "bytes", 'repository_store_blob_store_bytes{stack="$stack"}'),
    Panel("Growth per day", "bytes", 'delta(repository_store_blob_store_bytes{stack="$stack"}[1d])'),
    Panel(
        "Requests in 24 hours, of those granted",
        "percentunit",
        'repository_store_requests{stack="$stack"} / repository_store_requests_granted{stack="$stack"}',
    ),
    Panel(
        "Components, of those granted",
        "percentunit",
        'repository_store_components{stack="$stack"} / repository_store_components_granted{stack="$stack"}',
    ),
)


def dashboard() -> dict[str, Any]:
    source = {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}
    stack = {"name": "stack", "type": "query", "query": "label_values(repository_store_facts_at_seconds, stack)"}
    return {
        "title": "Repository store",
        "uid": "repository-store",
        "schemaVersion": 36,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [source, {**stack, "datasource": _SOURCE, "refresh": 2}]},
        "panels": _panels(),
    }


def _panels() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    x = y = height = 0
    for number, panel in enumerate(PANELS, start=1):
        size = _STAT if panel.steps else _SERIES
        if x + size["w"] > _WIDTH or (height and height != size["h"]):
            x, y = 0, y + height
        height = size["h"]
        made.append({"id": number, "gridPos": {"x": x, "y": y, **size}, **_panel(panel)})
        x += size["w"]
    return made


def _panel(panel: Panel) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit}
    if panel.steps:
        steps = [{"value": value, "color": color} for value, color in panel.steps]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    return {
        "title": panel.title,
        "type": "stat" if panel.steps else "timeseries",
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [{"refId": "A", "datasource": _SOURCE, "expr": panel.query}],
        **({"options": {"colorMode": "background", "graphMode": "none"}} if panel.steps else {}),
    }
