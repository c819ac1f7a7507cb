"""The acceptance run, on the stand-in as an external server."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conformance.acceptance.table import CLOSED, PASSED, STAGES, Table
from tests.integration.provider.play import FIRST, ROOT, Play

ONLY = ("role", "realms")


def test_the_requested_objects_pass_every_stage(stand_in: Path, toolchain: Path, tmp_path: Path) -> None:
    with Play(tmp_path / "play", stand_in, toolchain) as server:
        words = [f"https://127.0.0.1:{server.port}", "--ca", str(server.folder / "ca.pem"), "--yes"]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.conformance.acceptance",
                *words,
                "--only",
                " ".join((*ONLY, CLOSED)),
                "--report",
                tmp_path,
            ],
            cwd=ROOT,
            env={**os.environ, "NEXUS_PASSWORD": FIRST},
            capture_output=True,
            text=True,
            check=False,
        )
        left = server.ask("GET", "/v1/repositorySettings", password=FIRST).json()
    assert done.returncode == 0, done.stdout + done.stderr
    table = Table.read((tmp_path / "acceptance.json").read_text())
    assert {name for name, row in table.rows.items() if not row.lacking} == set(ONLY)
    assert all(table.rows[name].stages == dict.fromkeys(STAGES, PASSED) for name in ONLY)
    assert table.rows["role"].changed == ["description", "name", "privileges", "roles"]
    assert "sample-hosted" not in {repository["name"] for repository in left}
    assert [(one.lacking, one.through) for one in table.closed.values()] == [("", [])] * 2
    assert all(0 < one.core < one.tried for one in table.closed.values())
    assert (tmp_path / "acceptance.md").read_text() in done.stdout
