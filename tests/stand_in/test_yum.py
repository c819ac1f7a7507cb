"""dnf installs through hosted, proxy and group what curl uploaded."""

from pathlib import Path

import pytest

from tests.contract.stand_in import Server
from tests.e2e.upstreams import build_rpm
from tests.stand_in.real_clients import Pair, password, run, url


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("yum")


def upload(server: Server, package: Path) -> None:
    credentials = package.parent / "curl"
    credentials.write_text(f'user = "admin:{password(server)}"\n')
    options = ["--fail", "--silent", "--show-error", "--config", credentials, "--upload-file", package]
    run(["curl", *options, f"{url(server, 'yum-hosted')}packages/{package.name}"])


def install(server: Server, repository: str, root: Path, *packages: str) -> list[str]:
    (root / "log").mkdir(parents=True)
    options = [
        "--assumeyes",
        "--quiet",
        f"--installroot={root}",
        "--releasever=9",
        "--repo=store",
        "--setopt=store.gpgcheck=0",
    ]
    options += [
        f"--repofrompath=store,{url(server, repository)}",
        f"--setopt=cachedir={root}/cache",
        f"--setopt=logdir={root}/log",
    ]
    run(["dnf", *options, "install", *packages], root)
    return [(root / "opt" / package).read_text().strip() for package in packages]


def test_upload_and_install(pair: Pair, tmp_path: Path) -> None:
    upload(pair.near, build_rpm("our-tool", tmp_path / "ours"))
    upload(pair.far, build_rpm("their-tool", tmp_path / "theirs"))
    assert install(pair.near, "yum-hosted", tmp_path / "a", "our-tool") == ["our-tool"]
    assert install(pair.near, "yum-proxy", tmp_path / "b", "their-tool") == ["their-tool"]
    assert install(pair.near, "yum-group", tmp_path / "c", "our-tool", "their-tool") == ["our-tool", "their-tool"]
    with pair.without_the_far_one():
        assert install(pair.near, "yum-proxy", tmp_path / "d", "their-tool") == ["their-tool"]
