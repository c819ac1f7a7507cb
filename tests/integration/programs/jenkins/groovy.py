"""Runs the project's Groovy code in a real Groovy, with doubles of Jenkins' steps."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support import tools

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
# A run of two seconds ends before the JVM's second compiler has paid off.
_JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def run(harness: str, script: str, given: Any) -> list[dict[str, Any]]:
    """The output of a harness for a script of the project and scenarios."""
    if not shutil.which("groovy") or not shutil.which("java"):
        pytest.fail("groovy or java is missing: apt-get install groovy default-jre-headless", pytrace=False)
    home = Path(str(shutil.which("java"))).resolve().parents[1]
    ran = subprocess.run(
        ["groovy", "-cp", f"{HERE}:{tools.groovy_cps()}/*", str(HERE / harness), str(ROOT / script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env={**os.environ, "JAVA_HOME": str(home), "JAVA_OPTS": _JVM_OPTIONS},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
