"""An account of a client host replaces its files by links while root installs and removes its login."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.clients.host import Host
from tests.e2e.attack.conftest import Attempts

UID = 65534
LOGIN = {"ACCOUNT": "nobody", "LOGIN_USER": "jenkins", "PASSWORD": "right"}
# Run in a loop as the account: a file, a link to a file of root's, a link to a folder of root's.
SWAPS = {
    "the file": """while :; do
        rm -f $D/config.json; echo '{"auths": {}}' >$D/config.json
        ln -s $ROOT/root/target $D/.l && mv -fT $D/.l $D/config.json
    done""",
    "the folder": """while :; do
        rm -rf $D; mkdir $D; echo '{"auths": {}}' >$D/config.json
        rm -rf $D; ln -s $ROOT/root $D
    done""",
}


@pytest.fixture
def host() -> Iterator[Host]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        made = Host(Path(name), "docker")
        for file, text in (("target", "root's"), ("config.json", "root's too")):
            made.write(f"/root/{file}", text)
        home = made.root / "home/nobody"
        (home / ".docker").mkdir(parents=True)
        for path in (home, home / ".docker"):
            os.chown(path, UID, UID)
        yield made


@contextmanager
def swapping(host: Host, script: str) -> Iterator[None]:
    environment = {"PATH": os.environ["PATH"], "ROOT": str(host.root), "D": f"{host.root}/home/nobody/.docker"}
    swapper = subprocess.Popen(
        ["sh", "-c", script], env=environment, user=UID, group=UID, extra_groups=[], stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        swapper.kill()
        swapper.wait()


def of_root(host: Host) -> list[tuple[str, str, int, int]]:
    found = []
    for path in sorted((host.root / "root").iterdir()):
        status = path.stat()
        found.append((path.name, path.read_text(), status.st_uid, status.st_mode & 0o777))
    folder = (host.root / "root").stat()
    return [*found, ("", "", folder.st_uid, folder.st_mode & 0o777)]


@pytest.mark.parametrize("what", SWAPS)
def test_root_follows_no_link_that_the_account_swaps_in(host: Host, attempts: Attempts, what: str) -> None:
    before = of_root(host)
    host.run("install", **LOGIN)
    attempts.control(passed="nexus" in (host.root / "home/nobody/.docker/config.json").read_text())
    host.run("remove", **LOGIN)
    with swapping(host, SWAPS[what]):
        for number in range(attempts.of(20, 3)):
            host.run("install", **LOGIN)
            attempts.held(f"install {number}", of_root(host) == before)
            host.run("remove", **LOGIN)
            attempts.held(f"remove {number}", of_root(host) == before)
