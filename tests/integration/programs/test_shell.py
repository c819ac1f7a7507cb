"""The scripts that run in containers and on clients are portable POSIX shell."""

import subprocess
from pathlib import Path

import pytest

from components.docker_client import client_script

SCRIPTS = Path(__file__).parents[3] / "components" / "scripts"
ALONE = [path for path in sorted(SCRIPTS.rglob("*.sh")) if path.parent.name != "client"]
# renew.sh runs in a folder on the container's volume.
EXPLAINED = "SC2164"


def complaints(text: str) -> str:
    command = ["shellcheck", "--shell=sh", "--severity=warning", f"--exclude={EXPLAINED}", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("path", ALONE, ids=lambda path: path.name)
def test_shellcheck_finds_nothing_in_a_script(path: Path) -> None:
    assert complaints(path.read_text()) == ""


def test_shellcheck_finds_nothing_in_the_program_of_clients() -> None:
    names = [
        "STORE",
        "HOST_NAME",
        "ADDRESS",
        "REGISTRIES",
        "CA",
        "SYSTEM_STORE",
        "INSECURE",
        "LOGIN_USER",
        "ACCOUNT",
        "PASSWORD",
    ]
    assert complaints(client_script(dict.fromkeys(names, "a b"))) == ""


def test_shellcheck_finds_syntax_outside_of_posix() -> None:
    assert "SC3010" in complaints("[[ a = b ]]\n")
