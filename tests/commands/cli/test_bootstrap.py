"""./store creates the virtualenv from the lock file, and recreates an incomplete one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# A fake `python3` on PATH: a real virtualenv with pip takes seconds and a network.
PYTHON = f"""#!/bin/sh
case "$*" in
"-m venv --clear .venv") echo cleared >>log; rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
"-m pip config list") [ ! -e mirror ] || echo "global.index-url='https://mirror.test/simple'" ;;
"-m pip install "*cli/uv.lock) [ ! -e broken ] || exit 1 ;;
"-m pip install "*) echo installed-by-pip >>log; [ ! -e broken ] || exit 1 ;;
"-m uv pip install "*) echo installed >>log; [ ! -e in-the-way ] || touch .venv/made-from.new ;;
"-m cli "*) shift 2; echo "cli $*" ;;
*) exec {sys.executable} "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "cli").mkdir()
    for name in ("store", "cli/bootstrap.py", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    play(tmp_path, PYTHON)
    return tmp_path


def play(checkout: Path, python: str) -> None:
    (checkout / "bin" / "python3").write_text(python)
    (checkout / "bin" / "python3").chmod(0o755)


def store(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [checkout / "store", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def steps(checkout: Path) -> list[str]:
    """The steps since the last call."""
    log = checkout / "log"
    found = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return found


def test_the_virtualenv_is_created_once(checkout: Path) -> None:
    assert store(checkout, "up", "a b").stdout == "cli up a b\n"
    assert steps(checkout) == ["cleared", "installed"]
    done = store(checkout, "up")
    assert (done.stdout, done.stderr, steps(checkout)) == ("cli up\n", "", [])


def test_a_failed_installation_is_one_line_and_starts_again(checkout: Path) -> None:
    (checkout / "broken").touch()
    done = store(checkout, "up")
    assert (done.returncode, done.stdout) == (1, "")
    assert "store: pip could not install the packages of requirements.lock" in done.stderr
    (checkout / "broken").unlink()
    assert store(checkout, "up").returncode == 0
    assert steps(checkout) == ["cleared", "installed-by-pip", "cleared", "installed"]


def test_an_unwritable_folder_is_one_line(checkout: Path) -> None:
    (checkout / "in-the-way").touch()
    done = store(checkout, "up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "store: .venv/made-from.new: File exists. Fix: solve that, then run the command again"
    ]


def test_pip_is_used_if_its_settings_name_package_sources(checkout: Path) -> None:
    (checkout / "mirror").touch()
    assert store(checkout, "up").returncode == 0
    assert steps(checkout) == ["cleared", "installed-by-pip"]


@pytest.mark.parametrize("damage", ["deleted", "python is gone", "cut off"])
def test_a_damaged_virtualenv_is_recreated(damage: str, checkout: Path) -> None:
    store(checkout, "up")
    steps(checkout)
    if damage == "deleted":
        shutil.rmtree(checkout / ".venv")
    elif damage == "python is gone":
        (checkout / ".venv/bin/python").unlink()
    else:
        shutil.rmtree(checkout / ".venv/made-from")
    assert store(checkout, "up").stdout == "cli up\n"
    assert steps(checkout) == ["cleared", "installed"]


def test_a_changed_lock_file_is_installed_into_it(checkout: Path) -> None:
    store(checkout, "up")
    steps(checkout)
    (checkout / "requirements.lock").write_text("other==1\n")
    store(checkout, "up")
    assert steps(checkout) == ["installed"]


def test_the_developers_packages_are_added_to_it(checkout: Path) -> None:
    store(checkout, "up")
    steps(checkout)
    store(checkout, "develop")
    assert steps(checkout) == ["installed"]
    store(checkout, "up")
    assert steps(checkout) == []


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("#!/bin/sh\nexit 1\n", "Python 3.11 or newer is missing"),
        (
            f'#!/bin/sh\n[ "$2" != "import ensurepip, venv" ] || exit 1\nexec {sys.executable} "$@"\n',
            "python3 has no venv module",
        ),
    ],
    ids=["too old", "no venv module"],
)
def test_a_missing_program_is_one_line(python: str, message: str, checkout: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        (checkout / "bin" / name).write_text(python)
        (checkout / "bin" / name).chmod(0o755)
    done = store(checkout, "up")
    assert done.returncode == 1
    assert done.stderr.startswith(f"store: {message}")
    assert done.stderr.endswith(" python3-venv\n")
    assert done.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_two_commands_at_once_create_it_once(checkout: Path) -> None:
    command = [str(checkout / "store"), "up"]
    environment = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin"}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0] for process in both] == ["cli up\n", "cli up\n"]
    assert steps(checkout) == ["cleared", "installed"]
