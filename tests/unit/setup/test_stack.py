"""A stack of git's that cannot be reached is said in one line, with what is to be done."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SAID = {
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions": (
        "STACK=staging: nothing says where its state is; allowed: a backend of Pulumi; remedy: export PULUMI_BACKEND"
    ),
    "error: no stack named 'staging' found": (
        "STACK=staging: its file is here, but there is no such stack in Pulumi's backend; remedy: setup/run staging "
        "pulumi stack init staging --secrets-provider passphrase"
    ),
    "error: the bucket is not there": "error: the bucket is not there",
}


@pytest.mark.parametrize("complaint", SAID)
def test_what_pulumi_complains_of_is_explained_where_it_is_known(complaint: str, tmp_path: Path) -> None:
    for name in ("setup/stack", "stacks/Pulumi.staging.yaml"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(ROOT / name, tmp_path / name)
    run = tmp_path / "setup" / "run"
    run.write_text(f'#!/bin/sh\necho "{complaint}" >&2\nexit 255\n')
    run.chmod(0o755)
    done = subprocess.run([tmp_path / "setup" / "stack", "staging"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(SAID[complaint])
    assert done.stderr.count("\n") == 1
