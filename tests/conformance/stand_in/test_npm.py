"""npm publishes, and installs through hosted, proxy and group."""

from pathlib import Path

import pytest

from tests.conformance.stand_in.pair import Pair, password, place
from tests.support.real_clients.npm import Npm
from tests.support.real_clients.place import Place


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


def test_npm_logs_in_with_the_token_realm(pair: Pair, tmp_path: Path) -> None:
    hosted = Place(place(pair.near, "npm-hosted").url)
    npm = Npm(tmp_path, hosted)
    assert npm.publish(hosted, "by-token")[0] != 0
    code, printed = npm.login(hosted, "admin", "wrong")
    assert code != 0, printed
    assert "authToken" not in npm.settings()
    code, printed = npm.login(hosted, "admin", password(pair.near))
    assert code == 0, printed
    assert "_authToken=NpmToken." in npm.settings().replace('"', "")
    code, printed = npm.publish(hosted, "by-token")
    assert code != 0, "tokens are accepted although the realm is inactive"
    realms = pair.near.rest("GET", "security/realms/active").json()
    assert pair.near.rest("PUT", "security/realms/active", json=[*realms, "NpmToken"]).status_code == 204
    code, printed = npm.publish(hosted, "by-token")
    assert code == 0, printed
    assert npm.attempt(hosted, tmp_path, "whoami")[1].strip() == "admin"
    assert npm.attempt(hosted, tmp_path, "logout")[0] == 0
    assert "authToken" not in npm.settings()
