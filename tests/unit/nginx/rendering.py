"""Renders nginx.conf for settings of tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.nginx_configuration import NginxConfiguration, nginx_configuration
from stacks.settings import Settings

STACKS = Path(__file__).parents[3] / "stacks"


def settings(nginx: Mapping[str, Any] | None = None, **given: Any) -> Settings:
    stack = {
        "hostname": "nexus.domain.org",
        "topology": "topology.yaml",
        "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
    }
    return Settings.of({**stack, "nginx": dict(nginx or {}), **given}, STACKS)


def configuration(nginx: Mapping[str, Any] | None = None, **given: Any) -> NginxConfiguration:
    return nginx_configuration(settings(nginx, **given))


EVERYTHING: dict[str, Any] = {
    "privateNamespaces": ["team", "lab/base"],
    "clientMaxBodySize": "1G",
    "rateLimit": {"requestsPerDay": 100000, "clientRequestsPerSecond": 50},
    "blobCache": {"maxSize": "10g"},
    "metricsAllowedFrom": ["10.0.0.0/8"],
    "restAllowedFrom": ["172.30.0.0/24", "2001:db8::/32"],
    "trustedProxies": ["10.1.2.3"],
    "hsts": True,
    "accessLog": True,
    "bindAddress": ["0.0.0.0", "::"],
}
"""All settings that add to nginx.conf."""
