"""apt gets signed packages through hosted and proxy; the format has no groups."""

import bz2
import gzip
from pathlib import Path

import pytest
import requests

from tests.conformance.contract.stand_in import Server, direct
from tests.conformance.stand_in.pair import Pair, password, place, url
from tests.support.real_clients.apt import PASSPHRASE, Apt, Key, package, signing_key


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return signing_key(tmp_path_factory.mktemp("gnupg"))


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair, key: Key) -> None:
    signing = {"keypair": key.private, "passphrase": PASSPHRASE}
    pair.make("apt", group=False, aptSigning=signing)


def upload(server: Server, file: Path) -> requests.Response:
    return direct(
        "POST",
        url(server, "apt-hosted"),
        auth=("admin", password(server)),
        data=file.read_bytes(),
        headers={"Content-Type": "multipart/form-data"},
    )


def test_upload_and_download(pair: Pair, key: Key, tmp_path: Path) -> None:
    for server, name in ((pair.near, "our-tool"), (pair.far, "their-tool")):
        answer = upload(server, package(name, tmp_path))
        assert answer.status_code == 201, answer.text
    hosted, proxy = place(pair.near, "apt-hosted"), place(pair.near, "apt-proxy")
    ours = Apt(hosted, key, tmp_path / "a").get("our-tool")
    assert ours.read_bytes() == (tmp_path / "our-tool_1.0_all.deb").read_bytes()
    theirs = Apt(proxy, key, tmp_path / "b").get("their-tool")
    assert theirs.read_bytes() == (tmp_path / "their-tool_1.0_all.deb").read_bytes()
    with pair.without_the_far_one():
        again = Apt(proxy, key, tmp_path / "c").get("their-tool")
        assert again.read_bytes() == theirs.read_bytes()


def test_the_index_is_served_in_every_compression(pair: Pair, tmp_path: Path) -> None:
    upload(pair.far, package("packed-tool", tmp_path))
    base = "/repository/apt-hosted/dists/"
    release = next(
        line
        for line in pair.far.admin("GET", f"{base}stable/Release").text.splitlines()
        if line.endswith("Packages.bz2")
    )
    plain, gzipped, bzipped = (
        pair.far.admin("GET", f"{base}stable/main/binary-all/Packages{ending}").content
        for ending in ("", ".gz", ".bz2")
    )
    assert b"packed-tool" in plain
    assert gzip.decompress(gzipped) == bz2.decompress(bzipped) == plain
    assert release.split()[1] == str(len(bzipped))
