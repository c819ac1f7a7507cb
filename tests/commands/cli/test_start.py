"""A command starts without unneeded modules, like the settings' types and an HTTP client."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = ("pydantic", "requests", "pulumi", "http.client", "rich")


@pytest.mark.parametrize(
    "module", ["cli.__main__", "cli.commands.up", "cli.commands.outputs", "stacks.rules.stack_file_rules"]
)
def test_a_command_does_not_import_heavy_modules_at_start(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
