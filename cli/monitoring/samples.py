"""Metrics of a store in Prometheus's text format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PREFIX = "repository_store_"

# Descriptions by name, without the prefix. All metrics are gauges; times are in seconds since 1970.
HELP: Mapping[str, str] = {
    "facts_at_seconds": "When these metrics were collected.",
    "blob_store_bytes": "Size of a blob store, including what is deleted but not compacted yet.",
    "blob_store_available_bytes": "Free space on the disk of a blob store.",
    "quota_violated": "Whether a blob store is over its soft quota.",
    "read_only": "Whether Nexus is read-only.",
    "task_failed": "Whether the last run of a task failed.",
    "task_run_at_seconds": "When a task ran last.",
    "requests": "Requests for content in the last 24 hours, as the Community Edition counts them.",
    "requests_granted": "How many of them the Community Edition grants.",
    "components": "Components, as the Community Edition counts them.",
    "components_granted": "How many of them the Community Edition grants.",
    "certificate_expires_at_seconds": "When the certificate that clients see expires.",
    "drift": "Number of differences from the stack file that ./store watch found.",
    "undeclared_administrators": "Number of users who can administer Nexus and are not declared as such.",
    "drift_at_seconds": "When ./store watch looked for drift.",
    "backup_at_seconds": "When the last snapshot was taken.",
}


@dataclass(frozen=True)
class Sample:
    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def text(samples: Iterable[Sample], stack: str) -> str:
    """The samples by name, each with the label of its stack."""
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.name, []).append(sample)
    lines = []
    for name in HELP:
        if name in by_name:
            lines += [f"# HELP {PREFIX}{name} {HELP[name]}", f"# TYPE {PREFIX}{name} gauge"]
            lines += [_line(sample, stack) for sample in by_name[name]]
    return "\n".join(lines) + "\n"


def _line(sample: Sample, stack: str) -> str:
    labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in {"stack": stack, **sample.labels}.items())
    return f"{PREFIX}{sample.name}{{{labels}}} {sample.value:g}" if sample.value < 1e6 else _whole(sample, labels)


def _whole(sample: Sample, labels: str) -> str:
    return f"{PREFIX}{sample.name}{{{labels}}} {sample.value:.0f}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
