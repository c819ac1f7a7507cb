"""apt-get downloads uploaded packages, and those of the mirror, from the store and verifies their signature."""

from pathlib import Path

import requests

from tests.e2e.store.mirror import NAME
from tests.e2e.store.store import Store
from tests.support.real_clients.apt import Apt, Key, package


def test_an_uploaded_package_is_downloaded(store: Store, signing: Key, tmp_path: Path) -> None:
    hosted, file = store.place("apt-hosted"), package("our-tool", tmp_path)
    answer = requests.post(
        hosted.url,
        auth=store.jenkins,
        data=file.read_bytes(),
        headers={"Content-Type": "multipart/form-data"},
        verify=str(store.ca),
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    assert Apt(hosted, signing, tmp_path / "apt").get("our-tool").read_bytes() == file.read_bytes()


def test_a_package_of_the_mirror_is_downloaded_through_the_proxy(store: Store, signing: Key, tmp_path: Path) -> None:
    assert Apt(store.place("apt-proxy"), signing, tmp_path).get(NAME).read_bytes().startswith(b"!<arch>")
    assert store.cached("apt-proxy", ".deb")
