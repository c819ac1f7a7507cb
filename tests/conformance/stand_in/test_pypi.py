"""twine uploads; pip installs through hosted, proxy and group."""

from pathlib import Path

import pytest

from tests.conformance.stand_in.pair import Pair, place
from tests.support.real_clients.python import installed, upload, wheel


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("pypi", storage={"writePolicy": "ALLOW_ONCE"})


def test_upload_and_install(pair: Pair, tmp_path: Path) -> None:
    for server, name in ((pair.near, "our_tool"), (pair.far, "their_tool")):
        code, printed = upload(place(server, "pypi-hosted"), wheel(tmp_path / "dist", name))
        assert code == 0, printed
    hosted, proxy, group = (place(pair.near, f"pypi-{kind}") for kind in ("hosted", "proxy", "group"))
    assert "1.0" in installed(hosted, tmp_path / "a", "our-tool")
    assert "1.0" in installed(group, tmp_path / "b", "our-tool")
    assert "1.0" in installed(proxy, tmp_path / "c", "their-tool")
    with pair.without_the_far_one():
        assert "1.0" in installed(group, tmp_path / "d", "their-tool")


def test_a_file_can_only_be_uploaded_once(pair: Pair, tmp_path: Path) -> None:
    file, hosted = wheel(tmp_path, "once"), place(pair.near, "pypi-hosted")
    assert upload(hosted, file)[0] == 0
    code, printed = upload(hosted, file)
    assert code != 0
    assert "400" in printed
