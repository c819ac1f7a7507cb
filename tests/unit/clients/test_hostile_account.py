"""An account that is logged in puts links in the way: root follows none, and the account gains nothing by it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.clients.host import Host

ACCOUNT, UID = "nobody", 65534
LOGIN = {"ACCOUNT": ACCOUNT, "LOGIN_USER": "jenkins", "PASSWORD": "right"}
CONFIG = "/home/nobody/.docker/config.json"
THEIRS = '{"auths": {"other.domain.org": {"auth": "dGhlaXJz"}}}'
SECRET = "root only"


@pytest.fixture
def host() -> Iterator[Host]:
    """A host that another account than root can walk through; what is root's on it nobody else can read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = Host(folder, "docker")
        made.write("/root/secret", SECRET)
        (made.root / "root/secret").chmod(0o600)
        home(made).mkdir(parents=True)
        os.chown(home(made), UID, UID)
        yield made


def home(host: Host) -> Path:
    return host.root / "home/nobody"


def as_account(host: Host, path: str, text: str) -> None:
    """A file of the account's own."""
    host.write(path, text)
    file = host.root / path.removeprefix("/")
    for owned in (file.parent, file):
        os.chown(owned, UID, UID)


def link(host: Host, target: str) -> None:
    """The account puts a link where its config file was."""
    file = host.root / CONFIG.removeprefix("/")
    file.unlink(missing_ok=True)
    file.symlink_to(host.root / target.removeprefix("/"))


def test_a_login_of_another_account_is_all_its_own_and_goes_again(host: Host) -> None:
    before = host.files
    host.install(**LOGIN)
    for path in (home(host) / ".docker", home(host) / ".docker/config.json"):
        assert path.stat().st_uid == UID
    assert (home(host) / ".docker/config.json").stat().st_mode & 0o777 == 0o600
    host.remove(**LOGIN)
    assert host.files == before


def test_a_login_for_another_account_takes_the_place_of_the_one_before(host: Host) -> None:
    before = host.files
    host.install(**LOGIN)
    host.install(**{**LOGIN, "ACCOUNT": "root"})
    assert not host.has(CONFIG)
    assert (host.root / "root/.docker/config.json").stat().st_uid == 0
    host.remove()
    assert host.files == before


def test_the_account_s_own_file_comes_back_with_owner_and_mode(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    (home(host) / ".docker/config.json").chmod(0o640)
    host.install(**LOGIN)
    host.remove(**LOGIN)
    found = (home(host) / ".docker/config.json").stat()
    assert host.read(CONFIG) == THEIRS
    assert (found.st_uid, found.st_mode & 0o777) == (UID, 0o640)


def test_a_link_in_the_place_of_the_file_is_not_written_through(host: Host) -> None:
    """The old script copied the account's file over the target of the link."""
    as_account(host, CONFIG, THEIRS)
    host.install(**LOGIN)
    given = host.read(CONFIG)
    host.write("/root/.bashrc", given)
    link(host, "/root/.bashrc")
    host.remove(**LOGIN)
    assert host.read("/root/.bashrc") == given
    assert (host.root / "root/.bashrc").stat().st_uid == 0


def test_a_link_in_the_place_of_the_folder_is_not_written_through(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    host.install(**LOGIN)
    given = host.read(CONFIG)
    host.write("/root/config.json", given)
    shutil.rmtree(home(host) / ".docker")
    (home(host) / ".docker").symlink_to(host.root / "root")
    host.remove(**LOGIN)
    assert host.read("/root/config.json") == given


def test_a_link_to_what_root_alone_reads_is_refused_and_nothing_of_it_is_kept(host: Host) -> None:
    """The old script kept a copy, made the target 0600 and later gave the copy to the account."""
    as_account(host, CONFIG, THEIRS)
    link(host, "/root/secret")
    (host.root / "root/secret").chmod(0o644)
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert f"{CONFIG}: the file or its folder is a link" in output
    assert (host.root / "root/secret").stat().st_mode & 0o777 == 0o644
    assert not [path for path in (host.root / "var").rglob("*") if path.is_file() and SECRET in path.read_text()]


def test_a_linked_folder_is_neither_given_to_the_account_nor_filled(host: Host) -> None:
    """The old script would have made a login in /etc/docker and given the folder away."""
    host.write("/etc/docker/key.json", "{}")
    (home(host) / ".docker").symlink_to(host.root / "etc/docker")
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert "follows no links" in output
    assert (host.root / "etc/docker").stat().st_uid == 0
    assert not host.has("/etc/docker/config.json")


def test_a_pipe_does_not_hold_the_install_up(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    (home(host) / ".docker/config.json").unlink()
    os.mkfifo(home(host) / ".docker/config.json")
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert "not a regular file under 4 MiB" in output


def test_a_login_that_an_older_version_made_is_taken_back_without_following_a_link(host: Host) -> None:
    """What it left: a copy of the file in the state, and the folder among those of root."""
    host.install(**LOGIN)
    state = host.root / "var/lib/repository-store"
    (state / "folders").write_text(f"{home(host).relative_to(host.root)}/.docker\n".replace("home", "/home", 1))
    (state / "home-folders").unlink()
    host.remove(**LOGIN)
    assert not (home(host) / ".docker").exists()
    assert not state.exists()


def test_an_account_that_is_gone_does_not_hold_the_removal_up(host: Host) -> None:
    host.install(**LOGIN)
    host.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    assert "the account nobody is gone" in host.remove(**LOGIN)
    assert not host.has("/var/lib/repository-store")


def test_what_a_program_of_the_account_says_does_not_steer_the_terminal(host: Host) -> None:
    code, output = host.run("install", **{**LOGIN, "PASSWORD": "wrong"})
    assert code != 0
    assert "\x1b" not in output


def test_nothing_of_who_deploys_is_in_the_environment_of_the_account_s_processes(host: Host, tmp_path: Path) -> None:
    """They are the account's, which may read that."""
    noted = host.root.parent / "noted"
    noted.touch()
    noted.chmod(0o666)
    host.note_environments("mkdir", noted)
    host.inherited = {"PULUMI_CONFIG_PASSPHRASE": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET, "PULUMI_X": "a\nb=c"}
    host.install(**LOGIN)
    of_root, of_account = noted.read_text().split(f"{ACCOUNT}\n", 1)
    assert "root\n" in of_root
    assert "PULUMI" not in of_root
    assert SECRET not in of_account.split("root\n")[0]
    assert "PATH=" in of_account
