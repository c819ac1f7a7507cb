"""A logged-in account replaces files by links: root follows none of them, and the account gains no access."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.clients.host import Host

ACCOUNT, UID = "nobody", 65534
LOGIN = {"ACCOUNT": ACCOUNT, "LOGIN_USER": "jenkins", "PASSWORD": "right"}
CONFIG = "/home/nobody/.docker/config.json"
THEIRS = '{"auths": {"other.domain.org": {"auth": "dGhlaXJz"}}}'
SECRET = "root only"


@pytest.fixture
def host() -> Iterator[Host]:
    """A host that an account can traverse, on which only root can read root's files."""
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
    """Writes a file that the account owns."""
    host.write(path, text)
    file = host.root / path.removeprefix("/")
    for owned in (file.parent, file):
        os.chown(owned, UID, UID)


def link(host: Host, target: str) -> None:
    """Replaces the account's config file by a link."""
    file = host.root / CONFIG.removeprefix("/")
    file.unlink(missing_ok=True)
    file.symlink_to(host.root / target.removeprefix("/"))


def test_a_login_of_another_account_belongs_to_it_and_can_be_removed(host: Host) -> None:
    before = host.files
    host.install(**LOGIN)
    for path in (home(host) / ".docker", home(host) / ".docker/config.json"):
        assert path.stat().st_uid == UID
    assert (home(host) / ".docker/config.json").stat().st_mode & 0o777 == 0o600
    host.remove(**LOGIN)
    assert host.files == before


def test_a_login_for_another_account_replaces_the_previous_one(host: Host) -> None:
    before = host.files
    host.install(**LOGIN)
    host.install(**{**LOGIN, "ACCOUNT": "root"})
    assert not host.has(CONFIG)
    assert (host.root / "root/.docker/config.json").stat().st_uid == 0
    host.remove()
    assert host.files == before


def test_the_accounts_own_file_is_restored_with_owner_and_mode(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    (home(host) / ".docker/config.json").chmod(0o640)
    host.install(**LOGIN)
    host.remove(**LOGIN)
    found = (home(host) / ".docker/config.json").stat()
    assert host.read(CONFIG) == THEIRS
    assert (found.st_uid, found.st_mode & 0o777) == (UID, 0o640)


def test_a_link_in_place_of_the_file_is_not_followed(host: Host) -> None:
    """The old script copied the account's file over the target of the link."""
    as_account(host, CONFIG, THEIRS)
    host.install(**LOGIN)
    given = host.read(CONFIG)
    host.write("/root/.bashrc", given)
    link(host, "/root/.bashrc")
    host.remove(**LOGIN)
    assert host.read("/root/.bashrc") == given
    assert (host.root / "root/.bashrc").stat().st_uid == 0


def test_a_link_in_place_of_the_folder_is_not_followed(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    host.install(**LOGIN)
    given = host.read(CONFIG)
    host.write("/root/config.json", given)
    shutil.rmtree(home(host) / ".docker")
    (home(host) / ".docker").symlink_to(host.root / "root")
    host.remove(**LOGIN)
    assert host.read("/root/config.json") == given


def test_a_link_to_a_file_of_root_is_refused_and_not_copied(host: Host) -> None:
    """The old script kept a copy, made the target 0600 and later gave the copy to the account."""
    as_account(host, CONFIG, THEIRS)
    link(host, "/root/secret")
    (host.root / "root/secret").chmod(0o644)
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert f"{CONFIG}: the file or its folder is a link" in output
    assert (host.root / "root/secret").stat().st_mode & 0o777 == 0o644
    assert not [path for path in (host.root / "var").rglob("*") if path.is_file() and SECRET in path.read_text()]


def test_a_linked_folder_gets_neither_a_login_nor_another_owner(host: Host) -> None:
    """The old script would have written a login to /etc/docker and made the account its owner."""
    host.write("/etc/docker/key.json", "{}")
    (home(host) / ".docker").symlink_to(host.root / "etc/docker")
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert "follows no links" in output
    assert (host.root / "etc/docker").stat().st_uid == 0
    assert not host.has("/etc/docker/config.json")


def test_a_pipe_does_not_block_the_installation(host: Host) -> None:
    as_account(host, CONFIG, THEIRS)
    (home(host) / ".docker/config.json").unlink()
    os.mkfifo(home(host) / ".docker/config.json")
    code, output = host.run("install", **LOGIN)
    assert code != 0
    assert "not a regular file under 4 MiB" in output


def test_a_login_of_an_older_version_is_removed_without_following_a_link(host: Host) -> None:
    """It left a copy of the file in its state folder, and the folder as root's."""
    host.install(**LOGIN)
    state = host.root / "var/lib/repository-store"
    (state / "folders").write_text(f"{home(host).relative_to(host.root)}/.docker\n".replace("home", "/home", 1))
    (state / "home-folders").unlink()
    host.remove(**LOGIN)
    assert not (home(host) / ".docker").exists()
    assert not state.exists()


def test_a_deleted_account_does_not_block_the_removal(host: Host) -> None:
    host.install(**LOGIN)
    host.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    assert "the account nobody is gone" in host.remove(**LOGIN)
    assert not host.has("/var/lib/repository-store")


def test_output_of_the_accounts_programs_has_no_control_characters(host: Host) -> None:
    code, output = host.run("install", **{**LOGIN, "PASSWORD": "wrong"})
    assert code != 0
    assert "\x1b" not in output


def test_processes_of_the_account_do_not_inherit_the_deployers_environment(host: Host, tmp_path: Path) -> None:
    """The account can read the environment of its processes."""
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
