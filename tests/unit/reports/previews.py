"""Previews for tests: recorded ones, and small ones built from steps."""

import json
from pathlib import Path
from typing import Any

from reports.markdown import report
from reports.preview import Preview

HERE = Path(__file__).parent
RECORDED = sorted(path.stem for path in (HERE / "previews").glob("*.json"))
REPOSITORY = "pulumi-python:dynamic/nexus:Repository"


def recorded(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((HERE / "previews" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def golden(name: str) -> str:
    return (HERE / "reports" / f"{name}.md").read_text(encoding="utf-8")


def step(
    operation: str, name: str, old: dict[str, Any] | None, new: dict[str, Any] | None, kind: str = REPOSITORY
) -> dict[str, Any]:
    """A step with its inputs before and after."""
    found: dict[str, Any] = {"op": operation, "urn": f"urn:pulumi:staging::repository-store::{kind}::{name}"}
    for key, inputs in (("oldState", old), ("newState", new)):
        if inputs is not None:
            found[key] = {"type": kind, "inputs": inputs, "outputs": inputs}
    return found


def repository(name: str, **body: Any) -> dict[str, Any]:
    return {"kind": "repository", "format": "raw", "type": "hosted", "name": name, "body": body}


def preview(*steps: dict[str, Any], diagnostics: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
    return {"steps": list(steps), "diagnostics": list(diagnostics)}


def reported(*steps: dict[str, Any], **more: Any) -> str:
    return report(Preview.parse(preview(*steps, **more)))
