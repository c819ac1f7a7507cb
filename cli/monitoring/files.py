"""The files for Prometheus and Grafana, by name. They contain no secrets."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from cli.monitoring.dashboard import dashboard
from stacks.monitoring import RUNBOOK, USER

RULES = Path(__file__).parent / "repository-store.rules.yaml"
JOB = "repository-store"
PASSWORD_FILE = "metrics.password"
_CA = "repository-store.pem"


@dataclass(frozen=True)
class Watched:
    """The store as Prometheus reaches it."""

    stack: str
    url: str
    address: str
    """Empty if DNS resolves the host."""
    ca: str
    """PEM; empty if the store's certificate is from a public CA."""
    runbook: str = RUNBOOK
    """The page that has a section for each alert."""


def files(store: Watched) -> dict[str, str]:
    found = {
        "prometheus.yaml": yaml.safe_dump(_configuration(store), sort_keys=False),
        RULES.name: _rules(store.runbook),
        "dashboard.json": json.dumps(dashboard(), indent=1) + "\n",
    }
    return found | ({_CA: store.ca} if store.ca else {})


def _rules(runbook: str) -> str:
    """The alerts, each with the address of its section in the runbook."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule["annotations"]["runbook_url"] = f"{runbook}#{rule['alert'].lower()}"
    return str(yaml.safe_dump(rules, sort_keys=False, width=1000))


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
