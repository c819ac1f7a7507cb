"""apt gets packages, signed, through hosted and proxy; there are no groups of this format."""

import subprocess
from pathlib import Path

import pytest
import requests

from tests.contract.stand_in import Server, direct
from tests.stand_in.real_clients import Pair, attempt, password, run, url

PASSPHRASE = "of-the-key"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The armored private key, and the file with the public one."""
    home = tmp_path_factory.mktemp("gnupg")
    home.chmod(0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--pinentry-mode", "loopback", "--passphrase", PASSPHRASE]
    run([*gpg, "--quick-generate-key", "store@example.org", "rsa3072", "sign"])
    private = subprocess.run([*gpg, "--armor", "--export-secret-keys"], check=True, stdout=subprocess.PIPE, text=True)
    public = home / "store.gpg"
    run([*gpg, "--output", public, "--export"])
    attempt(["gpgconf", "--homedir", home, "--kill", "gpg-agent"])
    return private.stdout, public


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair, keys: tuple[str, Path]) -> None:
    signing = {"keypair": keys[0], "passphrase": PASSPHRASE}
    pair.make("apt", group=False, aptSigning=signing)


def package(name: str, folder: Path) -> Path:
    place = folder / name
    (place / "DEBIAN").mkdir(parents=True)
    (place / "opt").mkdir()
    (place / "opt" / name).write_text(name)
    control = f"Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: a test\n"
    (place / "DEBIAN" / "control").write_text(control)
    made = folder / f"{name}_1.0_all.deb"
    run(["dpkg-deb", "--build", "--root-owner-group", place, made])
    return made


def upload(server: Server, file: Path) -> requests.Response:
    return direct(
        "POST",
        url(server, "apt-hosted"),
        auth=("admin", password(server)),
        data=file.read_bytes(),
        headers={"Content-Type": "multipart/form-data"},
    )


class Apt:
    """apt-get with lists, state and cache of its own, which trusts one key."""

    def __init__(self, place: str, key: Path, folder: Path) -> None:
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "cache" / "archives" / "partial").mkdir(parents=True)
        (folder / "status").write_text("")
        (folder / "sources.list").write_text(f"deb [signed-by={key}] {place} stable main\n")
        settings = {
            "Dir::Etc::SourceList": folder / "sources.list",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": folder / "lists",
            "Dir::State::Status": folder / "status",
            "Dir::Cache": folder / "cache",
            "APT::Sandbox::User": "root",
            "APT::Architecture": "amd64",
            "Acquire::Languages": "none",
            "Acquire::http::Proxy": "false",
        }
        self._folder = folder
        self._options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]

    def get(self, name: str) -> Path:
        run(["apt-get", *self._options, "update", "--error-on=any"], self._folder)
        run(["apt-get", *self._options, "download", name], self._folder)
        return next(self._folder.glob(f"{name}_*.deb"))


def test_upload_and_download(pair: Pair, keys: tuple[str, Path], tmp_path: Path) -> None:
    for server, name in ((pair.near, "our-tool"), (pair.far, "their-tool")):
        answer = upload(server, package(name, tmp_path))
        assert answer.status_code == 201, answer.text
    ours = Apt(url(pair.near, "apt-hosted"), keys[1], tmp_path / "a").get("our-tool")
    assert ours.read_bytes() == (tmp_path / "our-tool_1.0_all.deb").read_bytes()
    theirs = Apt(url(pair.near, "apt-proxy"), keys[1], tmp_path / "b").get("their-tool")
    assert theirs.read_bytes() == (tmp_path / "their-tool_1.0_all.deb").read_bytes()
    with pair.without_the_far_one():
        again = Apt(url(pair.near, "apt-proxy"), keys[1], tmp_path / "c").get("their-tool")
        assert again.read_bytes() == theirs.read_bytes()
