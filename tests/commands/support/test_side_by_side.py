"""The end of `make test`, with a Makefile and tests of its own, which real make and pytest run."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.paths import ROOT

TESTS = """
import pytest
@pytest.fixture
def server():
    raise OSError("the server does not start")
def test_good(): pass
def test_other(): pass
@pytest.mark.parametrize("name", ["a name with spaces"])
def test_bad(name):
    assert name == "another"
def test_without_server(server): pass
"""
MAKEFILE = f"""
MAKEFLAGS += --no-print-directory
.SILENT:
pytest = PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {sys.executable} -m pytest -p tests.results -p no:cacheprovider -q
good:
	$(pytest) test_it.py -k "good or other"
	echo the live output of good
bad:
	$(pytest) test_it.py
workers:
	$(pytest) test_it.py -p xdist.plugin --numprocesses 1
quick:
	echo the live output of quick
lint:
	echo x.py:1: unused import; exit 3
broken:
	echo 'import nothing.like.this' >test_broken.py; $(pytest) test_broken.py
variables:
	echo SHORT is $(SHORT)
slow:
	trap 'touch cleaned; exit 1' INT; touch started; sleep 900 & wait
never:
	touch never
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def started(folder: Path, *lists: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("MAKEFLAGS", "MAKELEVEL"):  # with them make prints the folders that it enters
        environment.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.side_by_side", *lists],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )


def outcome(folder: Path, *lists: str) -> tuple[int, str]:
    with started(folder, *lists) as process:
        output, _ = process.communicate(timeout=600)
    return process.returncode, output


def end_of(output: str) -> str:
    return output[output.index("make test took") :]


def test_when_all_is_well_it_ends_with_the_times_and_the_total(folder: Path) -> None:
    code, output = outcome(folder, "good", "variables SHORT=1", "quick")
    assert code == 0
    assert output.count("the live output of good") == output.count("the live output of quick") == 1
    assert "SHORT is 1" in output
    assert re.fullmatch(
        r"make test took \d+ s\n\n"
        r"  good +\d+ s  2 passed\n"
        r"  variables +\d+ s  passed\n"
        r"  quick +\d+ s  passed\n\n"
        r"2 passed, 0 failed\n",
        end_of(output),
    ), output


@pytest.mark.parametrize("target", ["bad", "workers"])
def test_failed_tests_are_named_with_the_reason_and_the_command_that_runs_just_them(folder: Path, target: str) -> None:
    code, output = outcome(folder, target)
    assert code == 1
    end = end_of(output)
    assert "FAILED test_it.py::test_bad[a name with spaces]\n    test_it.py:10: AssertionError: assert" in end
    assert "FAILED test_it.py::test_without_server\n    test_it.py:5: OSError: the server does not start" in end
    assert end.endswith("\n2 passed, 2 failed\n")
    (again,) = re.findall("^Again: (.*)$", end, re.MULTILINE)
    words = shlex.split(again)
    assert words[:3] == [".venv/bin/python", "-m", "pytest"]
    done = subprocess.run([sys.executable, *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    assert "1 failed, 1 error" in done.stdout


def test_a_target_that_fails_outside_of_a_test_ends_with_its_last_lines(folder: Path) -> None:
    code, output = outcome(folder, "lint good", "never")
    assert code == 1
    end = end_of(output)
    assert "FAILED lint: exit code 2, after\n    x.py:1: unused import\n" in end
    assert "\nAgain: make lint\n" in end
    assert re.search(r"never +did not run  run it with: make never\n", end)
    assert end.endswith("\n2 passed, 2 failed\n")
    assert not (folder / "never").exists()


def test_a_module_that_cannot_be_imported_is_a_failure(folder: Path) -> None:
    code, output = outcome(folder, "quick", "broken")
    assert code == 1
    assert "FAILED test_broken.py\n    " in end_of(output)
    assert "No module named 'nothing'" in end_of(output)


def test_a_list_goes_on_after_a_failure(folder: Path) -> None:
    code, output = outcome(folder, "quick", "lint never")
    assert code == 1
    assert (folder / "never").exists()
    assert output.endswith("\n0 passed, 1 failed\n")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_what_did_not_run(folder: Path, how: signal.Signals) -> None:
    with started(folder, "quick", "slow never", "slow never") as process:
        end = time.monotonic() + 60
        while not (folder / "started").exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        if how == signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
        else:
            process.send_signal(how)
        output, _ = process.communicate(timeout=600)
    assert process.returncode == 130
    assert (folder / "cleaned").exists() == (how == signal.SIGINT)
    assert len(re.findall(r"never +did not run", output)) == 2
    assert output.endswith("\n0 passed, 4 failed\n")
    assert not (folder / "never").exists()
