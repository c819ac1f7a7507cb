"""npm publishes to the store, and installs what it published and what only the mirror has."""

from pathlib import Path

from tests.e2e.mirror import NAME
from tests.e2e.store import Store
from tests.real_clients.npm import Npm


def test_a_published_package_is_installed_from_hosted_and_group(store: Store, tmp_path: Path) -> None:
    hosted, group = store.place("npm-hosted"), store.place("npm-public")
    code, printed = Npm(tmp_path / "publisher", hosted).publish(hosted, "@team/ours")
    assert code == 0, printed
    assert Npm(tmp_path / "a", hosted).installed(hosted, "@team/ours") == "module.exports = '@team/ours 1.0.0'\n"
    assert Npm(tmp_path / "b", group).installed(group, "@team/ours") == "module.exports = '@team/ours 1.0.0'\n"


def test_a_package_that_only_the_mirror_has_is_installed_from_proxy_and_group(store: Store, tmp_path: Path) -> None:
    for kind in ("proxy", "public"):
        place = store.place(f"npm-{kind}")
        assert f"{NAME} 1.0.0" in Npm(tmp_path / kind, place).installed(place, NAME)
    assert store.cached("npm-proxy", f"{NAME}-1.0.0.tgz")
