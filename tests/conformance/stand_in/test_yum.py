"""curl uploads packages; dnf installs them through hosted, proxy and group."""

from pathlib import Path

import pytest

from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.pair import Pair, password, place, url
from tests.support.real_clients import dnf
from tests.support.real_clients.running import run


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("yum")


def upload(server: Server, package: Path) -> None:
    credentials = package.parent / "curl"
    credentials.write_text(f'user = "admin:{password(server)}"\n')
    options = ["--fail", "--silent", "--show-error", "--config", str(credentials), "--upload-file", str(package)]
    run(["curl", *options, f"{url(server, 'yum-hosted')}packages/{package.name}"])


def test_upload_and_install(pair: Pair, tmp_path: Path) -> None:
    upload(pair.near, dnf.package("our-tool", tmp_path / "ours"))
    upload(pair.far, dnf.package("their-tool", tmp_path / "theirs"))
    hosted, proxy, group = (place(pair.near, f"yum-{kind}") for kind in ("hosted", "proxy", "group"))
    assert dnf.installed(hosted, tmp_path / "a", "our-tool") == "our-tool"
    assert dnf.installed(proxy, tmp_path / "b", "their-tool") == "their-tool"
    for package in ("our-tool", "their-tool"):
        assert dnf.installed(group, tmp_path / f"group-{package}", package) == package
    with pair.without_the_far_one():
        assert dnf.installed(proxy, tmp_path / "c", "their-tool") == "their-tool"
