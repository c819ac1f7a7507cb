"""What `make test` prints at its end, from real runs of make and pytest."""

import sys
from pathlib import Path

import pytest

from tests import tiers

MAKEFILE = f"""
good:
	{sys.executable} -m pytest -q good_test.py
bad:
	{sys.executable} -m pytest -q bad_test.py
linter:
	@echo 'x.py:3: unused import'; exit 1
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tiers, "ROOT", tmp_path)
    monkeypatch.setattr(tiers, "LOGS", tmp_path / "logs")
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "good_test.py").write_text("def test_one(): pass\ndef test_two(): pass\n")
    (tmp_path / "bad_test.py").write_text("def test_three(): pass\ndef test_four(): assert 2 + 2 == 5, 'arithmetic'\n")
    return tmp_path


def test_all_tiers_pass(capfd: pytest.CaptureFixture[str]) -> None:
    assert tiers.main("good") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[-1] == "2 passed, 0 failed"
    assert not any("again" in line for line in lines)


def test_a_failed_test_is_named_with_its_reason_and_the_command_that_repeats_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert tiers.main("bad good", "linter") == 1
    lines = capfd.readouterr().out.splitlines()
    end = lines[lines.index("tier        time     passed  failed") :]
    assert [line.split()[:1] + line.split()[2:4] for line in end[1:4]] == [
        ["bad", "1", "1"],
        ["good", "2", "0"],
        ["linter", "0", "1"],
    ]
    assert "bad_test.py::test_four: AssertionError: arithmetic" in "\n".join(end)
    assert "again: .venv/bin/python -m pytest bad_test.py::test_four" in end
    assert "  x.py:3: unused import" in end
    assert "again: make linter" in end
    assert end[-1] == "3 passed, 2 failed"


def test_what_comes_after_a_failed_stage_is_not_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert tiers.main("linter", "--", "good") == 1
    end = capfd.readouterr().out.splitlines()
    assert "good        not run" in end
    assert end[-1] == "0 passed, 1 failed"


def test_the_first_list_is_printed_once(capfd: pytest.CaptureFixture[str], project: Path) -> None:
    tiers.main("good", "bad")
    assert capfd.readouterr().out.count("2 passed in") == 1
    assert "1 failed, 1 passed in" in (project / "logs" / "bad.log").read_text()
