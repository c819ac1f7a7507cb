"""./store makes the virtualenv from the lock file, and makes it again when it is not whole."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# As `python3` on PATH: makes no virtualenv with pip in it, which takes seconds and a network.
PYTHON = f"""#!/bin/sh
case "$*" in
"-m venv --clear .venv") echo cleared >>log; rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
"-m pip config list") [ ! -e mirror ] || echo "global.index-url='https://mirror.test/simple'" ;;
"-m pip install "*cli/uv.lock) [ ! -e broken ] || exit 1 ;;
"-m pip install "*) echo installed-by-pip >>log; [ ! -e broken ] || exit 1 ;;
"-m uv pip install "*) echo installed >>log ;;
"-m cli "*) shift 2; echo "cli $*" ;;
*) exec {sys.executable} "$@" ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("store", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    play(tmp_path, PYTHON)
    return tmp_path


def play(project: Path, python: str) -> None:
    (project / "bin" / "python3").write_text(python)
    (project / "bin" / "python3").chmod(0o755)


def store(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{project / 'bin'}:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([project / "store", *arguments], env=environment, capture_output=True, text=True, check=False)


def steps(project: Path) -> list[str]:
    """What was done since this was asked last."""
    log = project / "log"
    found = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return found


def test_it_is_made_once_and_then_left_alone(project: Path) -> None:
    assert store(project, "up", "a b").stdout == "cli up a b\n"
    assert steps(project) == ["cleared", "installed"]
    done = store(project, "up")
    assert (done.stdout, done.stderr, steps(project)) == ("cli up\n", "", [])


def test_a_failed_installation_is_one_line_and_is_begun_anew(project: Path) -> None:
    (project / "broken").touch()
    done = store(project, "up")
    assert (done.returncode, done.stdout) == (1, "")
    assert "store: pip could not install the packages of requirements.lock" in done.stderr
    (project / "broken").unlink()
    assert store(project, "up").returncode == 0
    assert steps(project) == ["cleared", "installed-by-pip", "cleared", "installed"]


def test_pip_installs_where_its_settings_say_where_packages_are(project: Path) -> None:
    (project / "mirror").touch()
    assert store(project, "up").returncode == 0
    assert steps(project) == ["cleared", "installed-by-pip"]


@pytest.mark.parametrize("damage", ["deleted", "python is gone", "cut off"])
def test_a_damaged_one_heals(damage: str, project: Path) -> None:
    store(project, "up")
    steps(project)
    if damage == "deleted":
        shutil.rmtree(project / ".venv")
    elif damage == "python is gone":
        (project / ".venv/bin/python").unlink()
    else:
        shutil.rmtree(project / ".venv/made-from")
    assert store(project, "up").stdout == "cli up\n"
    assert steps(project) == ["cleared", "installed"]


def test_a_changed_lock_file_is_installed_over_it(project: Path) -> None:
    store(project, "up")
    steps(project)
    (project / "requirements.lock").write_text("other==1\n")
    store(project, "up")
    assert steps(project) == ["installed"]


def test_the_tools_of_developers_are_added_and_serve_the_other_commands(project: Path) -> None:
    store(project, "up")
    steps(project)
    store(project, "develop")
    assert steps(project) == ["installed"]
    store(project, "up")
    assert steps(project) == []


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("#!/bin/sh\nexit 1\n", "Python 3.11 or newer is missing"),
        ('#!/bin/sh\ncase "$*" in *venv*) exit 1 ;; esac\n', "python3 has no venv module"),
    ],
    ids=["too old", "no venv module"],
)
def test_what_the_machine_lacks_is_one_line(python: str, said: str, project: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        (project / "bin" / name).write_text(python)
        (project / "bin" / name).chmod(0o755)
    done = store(project, "up")
    assert done.returncode == 1
    assert done.stderr.startswith(f"store: {said}")
    assert done.stderr.endswith(" python3-venv\n")
    assert done.stderr.count("\n") == 1
    assert not (project / ".venv").exists()


def test_two_at_once_make_it_once(project: Path) -> None:
    command = [project / "store", "up"]
    environment = {"PATH": f"{project / 'bin'}:/usr/bin:/bin"}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0] for process in both] == ["cli up\n", "cli up\n"]
    assert steps(project) == ["cleared", "installed"]
