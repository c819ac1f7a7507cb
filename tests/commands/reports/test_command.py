"""The command that makes a report of a preview."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.reports.previews import preview, repository, step

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("text", "message"), [("", "not JSON at line 1"), ("[]", "neither steps nor diagnostics")])
def test_the_command_refuses_in_one_line(text: str, message: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "reports"], input=text, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_command_names_the_stack_of_a_preview_that_failed_early(tmp_path: Path) -> None:
    document = tmp_path / "preview.json"
    document.write_text(json.dumps(preview()))
    command = [sys.executable, "-m", "reports", str(document), "--stack", "production"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.startswith("<!-- repository-store preview of production -->\n\n### Preview of `production`")


def test_what_was_added_on_the_server_is_listed_and_an_administrator_comes_first(tmp_path: Path) -> None:
    document = tmp_path / "preview.json"
    document.write_text(json.dumps(preview(step("same", "x", repository("x"), repository("x")))))
    command = [sys.executable, "-m", "reports", str(document), "--stack", "p"]
    added = ["--addition", "roles.odd|one", "--administrator", "users.mallory"]
    text = subprocess.run([*command, *added], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert "**2 on the server are not in the stack**; `up` leaves that there." in text
    caution = "> [!CAUTION]\n> **Administrators that the stack does not declare:**\n> - `users.mallory`"
    assert text.index(caution) < text.index("#### Not in the stack\n") < text.index("\n- `roles.odd\\|one`")
    assert (
        "Not in the stack" not in subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    )


def test_warnings_about_the_store_come_before_the_changes_as_text(tmp_path: Path) -> None:
    file = tmp_path / "preview.json"
    file.write_text(json.dumps(preview(step("create", "x", None, repository("x")))))
    warning = "80000 of 100000 <b>are</b> used\n| x |"
    command = [sys.executable, "-m", "reports", str(file), "--warning", warning, "--warning", "another"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert text.index("> [!WARNING]\n> 80000 of 100000 &lt;b\\>are") < text.index("| Operation |")
    assert "\n> another\n" in text
