"""The results of updating the ACME container's settings, with a fake docker."""

import base64
import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support.played_docker import play_docker

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "components" / "scripts" / "load-acme.sh"
ACCOUNT = "accounts/now"
# Fakes the container in a folder: if `answers` exists, it tries new settings at once.
DOCKER = """#!/bin/sh
case "$1" in
logs) echo "lego's last line" ;;
exec)
    program=$(printf %s "$6" | sed "s|cd /acme|cd $FOLDER/acme|")
    sh -c "$program" acme "$8" || exit
    [ ! -e "$FOLDER/answers" ] || cp "$FOLDER/acme/settings/request" "$FOLDER/acme/answered" ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    play_docker(monkeypatch, tmp_path, DOCKER)
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    (tmp_path / "sleep").chmod(0o755)
    (tmp_path / "acme").mkdir()
    (tmp_path / "answers").touch()
    return tmp_path


def bundle() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("LEGO_PATH.env")
        entry.size = len(ACCOUNT)
        archive.addfile(entry, io.BytesIO(ACCOUNT.encode()))
    return base64.b64encode(made.getvalue())


def load(seconds: int = 30) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CONTAINER": "acme", "TIMEOUT_SECONDS": str(seconds)}
    return subprocess.run(["sh", SCRIPT], env=environment, input=bundle(), capture_output=True, check=False, timeout=60)


def fail(folder: Path) -> None:
    (folder / "acme/failure").write_text("2026-11-26 10:00 UTC\nno such host\n")


def test_new_settings_replace_the_old_ones(folder: Path) -> None:
    (folder / "acme/settings").mkdir()
    (folder / "acme/settings/OLD.env").touch()
    done = load()
    assert (done.returncode, done.stderr) == (0, b"")
    assert {path.name for path in (folder / "acme/settings").iterdir()} == {"LEGO_PATH.env", "request"}
    assert not {"next", "old"} & {path.name for path in (folder / "acme").iterdir()}


def test_a_failure_is_a_warning_if_nginx_has_a_certificate(folder: Path) -> None:
    fail(folder)
    (folder / "acme/published").write_text(ACCOUNT)
    done = load()
    assert done.returncode == 0
    assert done.stderr.startswith(b"warning: the certificate was not renewed; nginx still serves the previous one")
    assert done.stderr.endswith(b"no such host\n")


@pytest.mark.parametrize("published", [None, "accounts/before"])
def test_a_failure_without_a_certificate_is_an_error(folder: Path, published: str | None) -> None:
    fail(folder)
    if published:
        (folder / "acme/published").write_text(published)
    done = load()
    assert done.returncode == 1
    assert done.stderr.startswith(b"the ACME directory issued no certificate; nginx keeps its current one")
    assert done.stderr.endswith(b"no such host\n")


def test_a_missing_answer_ends_with_the_last_log_lines(folder: Path) -> None:
    (folder / "answers").unlink()
    done = load(seconds=0)
    assert done.returncode == 1
    assert done.stderr == (
        b"the ACME directory has issued no certificate after 0 s; its last log lines:\nlego's last line\n"
    )
