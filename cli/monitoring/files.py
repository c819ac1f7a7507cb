"""The files for Prometheus and Grafana, by name. They contain no secrets."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from stacks.monitoring import USER

RULES = Path(__file__).parent / "repository-store.rules.yaml"
JOB = "repository-store"
PASSWORD_FILE = "metrics.password"
_CA = "repository-store.pem"

JETTY = "org_eclipse_jetty_.*WebAppContext"
"""The prefix of Nexus's own request metrics; the package of Jetty differs between releases."""

# Title, unit, query.
PANELS = (
    ("Prometheus can scrape it", "bool", 'up{job="repository-store",stack="$stack"}'),
    ("Duration of a scrape", "s", 'scrape_duration_seconds{job="repository-store",stack="$stack"}'),
    (
        "Requests per second",
        "reqps",
        f'sum(rate({{__name__=~"{JETTY}_requests_count",job="repository-store",stack="$stack"}}[5m]))',
    ),
    (
        "5xx responses per second",
        "reqps",
        f'sum(rate({{__name__=~"{JETTY}_5xx_responses_total",job="repository-store",stack="$stack"}}[5m]))',
    ),
    (
        "Response time, 75th percentile",
        "s",
        f'{{__name__=~"{JETTY}_requests",job="repository-store",stack="$stack",quantile="0.75"}}',
    ),
    ("Heap", "percentunit", 'jvm_memory_heap_usage{job="repository-store",stack="$stack"}'),
    ("Open files", "percentunit", 'jvm_fd_usage{job="repository-store",stack="$stack"}'),
    ("Free on the disk", "bytes", 'min(repository_store_blob_store_available_bytes{stack="$stack"})'),
    ("Blob stores", "bytes", 'repository_store_blob_store_bytes{stack="$stack"}'),
    ("Growth per day", "bytes", 'delta(repository_store_blob_store_bytes{stack="$stack"}[1d])'),
    (
        "Requests in 24 hours, of those granted",
        "percentunit",
        'repository_store_requests{stack="$stack"} / repository_store_requests_granted{stack="$stack"}',
    ),
    (
        "Components, of those granted",
        "percentunit",
        'repository_store_components{stack="$stack"} / repository_store_components_granted{stack="$stack"}',
    ),
    ("Failed tasks", "none", 'sum(repository_store_task_failed{stack="$stack"})'),
    ("Age of the last backup", "s", 'time() - repository_store_backup_at_seconds{stack="$stack"}'),
    ("Certificate expires in", "s", 'repository_store_certificate_expires_at_seconds{stack="$stack"} - time()'),
)


@dataclass(frozen=True)
class Watched:
    """The store as Prometheus reaches it."""

    stack: str
    url: str
    address: str
    """Empty if DNS resolves the host."""
    ca: str
    """PEM; empty if the store's certificate is from a public CA."""


def files(store: Watched) -> dict[str, str]:
    found = {
        "prometheus.yaml": yaml.safe_dump(_configuration(store), sort_keys=False),
        RULES.name: RULES.read_text(encoding="utf-8"),
        "dashboard.json": json.dumps(_dashboard(), indent=1) + "\n",
    }
    return found | ({_CA: store.ca} if store.ca else {})


def _configuration(store: Watched) -> dict[str, Any]:
    parts = urlsplit(store.url)
    host = store.address or parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    tls = {"server_name": parts.hostname, **({"ca_file": _CA} if store.ca else {})}
    return {
        "rule_files": [RULES.name],
        "scrape_configs": [
            {
                "job_name": JOB,
                "scheme": "https",
                "metrics_path": f"{parts.path.rstrip('/')}/service/metrics/prometheus",
                "scrape_interval": "30s",
                "scrape_timeout": "20s",
                "basic_auth": {"username": USER, "password_file": PASSWORD_FILE},
                "tls_config": tls,
                "static_configs": [{"targets": [f"{host}:{parts.port or 443}"], "labels": {"stack": store.stack}}],
            }
        ],
    }


def _dashboard() -> dict[str, Any]:
    variable = {"name": "stack", "type": "query", "query": "label_values(repository_store_facts_at_seconds, stack)"}
    return {
        "title": "Repository store",
        "uid": "repository-store",
        "schemaVersion": 36,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{**variable, "refresh": 2}]},
        "panels": [_panel(number, *panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, title: str, unit: str, query: str) -> dict[str, Any]:
    place = {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8}
    return {
        "id": number + 1,
        "title": title,
        "type": "timeseries",
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "targets": [{"refId": "A", "expr": query}],
    }
