"""gixy reports nothing but the findings that are explained here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.programs.nginx.server import FILES
from tests.unit.nginx.rendering import configuration
from tests.unit.nginx.test_golden_files import MODES

WITHOUT_PUBLIC_TRUST = {
    # With HSTS, browsers would offer no exception for a self-signed certificate.
    "hsts_header",
}


EXPLAINED = {
    # nginx's own answers have no other content type: types and default_type are empty.
    "add_header_content_type",
    # In the server on an internal socket, with a file that never exists.
    "try_files_is_evil_too",
}


def findings(folder: Path, text: str) -> list[dict[str, Any]]:
    path = folder / "nginx.conf"
    path.write_text(text)
    command = [str(Path(sys.executable).with_name("gixy")), "--format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", MODES)
def test_gixy_reports_nothing_unexplained(tmp_path: Path, name: str) -> None:
    for file, content in FILES.items():
        (tmp_path / file).write_text(content)
    explained = EXPLAINED if MODES[name].get("hsts") else EXPLAINED | WITHOUT_PUBLIC_TRUST
    found = findings(tmp_path, configuration(MODES[name]).text)
    assert [finding for finding in found if finding["plugin"] not in explained] == []


def test_gixy_finds_a_path_traversal(tmp_path: Path) -> None:
    wrong = configuration().text.replace("location = /v2 {", "location /v3 { alias /srv/; }\nlocation = /v2 {")
    assert findings(tmp_path, wrong)
