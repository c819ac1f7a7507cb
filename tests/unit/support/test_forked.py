from pathlib import Path

import pytest

from tests.support.forked import Forks

MODULE = """
import os, sys, known
known.runs += 1
print(known.runs, os.getcwd(), sorted(os.environ), sys.argv[1:], sys.stdin.read())
print(__name__, file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Forks:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "known.py").write_text("print('imported once', file=open('imports', 'a')); runs = 0\n")
    (folder / "printing.py").write_text(MODULE)
    return Forks(folder, "known")


@pytest.mark.parametrize("code", [0, 3])
def test_a_command_has_its_folder_environment_streams_exit_and_state(forks: Forks, tmp_path: Path, code: int) -> None:
    done = forks.run("printing", str(code), "x", folder=tmp_path, environment={"A": "1"}, given="given")
    assert done.returncode == code
    assert done.stdout == f"1 {tmp_path} ['A'] ['{code}', 'x'] given\n"
    assert done.stderr == "__main__\n"


def test_modules_are_imported_once_and_code_runs_as_the_main_module(forks: Forks, tmp_path: Path) -> None:
    code = "import known, sys; print(__name__, sys.argv, open(known.__file__[:-8] + 'imports').read())"
    done = forks.run("-c", code, "x", folder=tmp_path, environment={})
    assert done.stdout == "__main__ ['-c', 'x'] imported once\n\n"


def test_an_error_is_shown_like_that_of_python(forks: Forks, tmp_path: Path) -> None:
    done = forks.run("-c", "import os; os.kill(os.getpid(), 9)", folder=tmp_path, environment={})
    assert done.returncode == -9
    failed = forks.run("-c", "1/0", folder=tmp_path, environment={})
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
