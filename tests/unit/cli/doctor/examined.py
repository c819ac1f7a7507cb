"""Helpers of the tests of `doctor`."""

import json
from pathlib import Path
from typing import Any

from cli.stack.stack import Stack

DOCKER = """#!/bin/sh
case "$1" in version) echo {version} ;; *) exit 1 ;; esac
"""


ADDRESS = ("new-stack", "trial", "--set", "address=198.18.1.1")


def rows(output: str) -> dict[str, str]:
    """The rows of the table, by their first column."""
    lines = [line for line in output.splitlines() if line[:1] in ("✓", "✗")]
    return {line[2:].strip().split("  ")[0]: line for line in lines}


def of_file(folder: Path, **settings: Any) -> Stack:
    config = {f"repository-store:{key}": value for key, value in settings.items()}
    (folder / "Pulumi.trial.yaml").write_text(json.dumps({"config": config}))
    return Stack("trial", folder / "Pulumi.trial.yaml")
