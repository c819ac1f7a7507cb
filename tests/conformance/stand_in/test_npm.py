"""npm publishes, and installs through hosted, proxy and group."""

from pathlib import Path

import pytest

from tests.conformance.stand_in.pair import Pair, place
from tests.support.real_clients.npm import Npm


@pytest.fixture(scope="module", autouse=True)
def repositories(pair: Pair) -> None:
    pair.make("npm", storage={"writePolicy": "ALLOW_ONCE"})


def test_publish_and_install(pair: Pair, tmp_path: Path) -> None:
    hosted, proxy, group = (place(pair.near, f"npm-{kind}") for kind in ("hosted", "proxy", "group"))
    far = place(pair.far, "npm-hosted")
    publisher = Npm(tmp_path / "publisher", hosted, far)
    for target, name in ((hosted, "ours"), (hosted, "@team/scoped"), (far, "theirs")):
        code, printed = publisher.publish(target, name)
        assert code == 0, printed
    assert "ours 1.0.0" in Npm(tmp_path / "a", hosted).installed(hosted, "ours")
    assert "scoped 1.0.0" in Npm(tmp_path / "b", group).installed(group, "@team/scoped")
    assert "theirs 1.0.0" in Npm(tmp_path / "c").installed(proxy, "theirs")
    with pair.without_the_far_one():
        assert "theirs 1.0.0" in Npm(tmp_path / "d", group).installed(group, "theirs")


def test_a_version_can_only_be_published_once(pair: Pair, tmp_path: Path) -> None:
    hosted = place(pair.near, "npm-hosted")
    npm = Npm(tmp_path, hosted)
    assert npm.publish(hosted, "once")[0] == 0
    code, printed = npm.publish(hosted, "once")
    assert code != 0
    assert "400" in printed or "cannot publish" in printed.lower() or "403" in printed
    assert npm.publish(hosted, "once", "1.0.1")[0] == 0


def test_a_missing_package_is_not_found(pair: Pair, tmp_path: Path) -> None:
    group = place(pair.near, "npm-group")
    code, printed = Npm(tmp_path, group).attempt(group, tmp_path, "view", "nothing-like-this")
    assert code != 0
    assert "404" in printed
