"""npm publishes to the store, and installs published packages and those of the mirror."""

import base64
from pathlib import Path

import pytest

from tests.e2e.store.mirror import NAME
from tests.e2e.store.store import Store
from tests.support.real_clients.npm import Npm, source
from tests.support.real_clients.running import attempt, run


def test_a_published_package_is_installed_from_hosted_and_group(store: Store, tmp_path: Path) -> None:
    hosted, group = store.place("npm-hosted"), store.place("npm-public")
    code, printed = Npm(tmp_path / "publisher", hosted).publish(hosted, "@team/ours")
    assert code == 0, printed
    assert Npm(tmp_path / "a", hosted).installed(hosted, "@team/ours") == "module.exports = '@team/ours 1.0.0'\n"
    assert Npm(tmp_path / "b", group).installed(group, "@team/ours") == "module.exports = '@team/ours 1.0.0'\n"


def test_a_package_of_the_mirror_is_installed_from_proxy_and_group(store: Store, tmp_path: Path) -> None:
    for kind in ("proxy", "public"):
        place = store.place(f"npm-{kind}")
        assert f"{NAME} 1.0.0" in Npm(tmp_path / kind, place).installed(place, NAME)
    assert store.cached("npm-proxy", f"{NAME}-1.0.0.tgz")


def encoded(login: tuple[str, str]) -> str:
    return base64.b64encode(":".join(login).encode()).decode()


@pytest.mark.usefixtures("without_anonymous_access")
def test_ci_pull_installs_a_package_of_ci_push_with_the_generated_npmrc(
    store: Store, jenkins_files: Path, tmp_path: Path
) -> None:
    settings = {"npm_config_userconfig": str(jenkins_files / ".npmrc"), "npm_config_update_notifier": "false"}
    publish: list[str | Path] = ["npm", "publish", f"--registry={store.place('npm-hosted').url}"]
    package = source(tmp_path / "src", "our-package")
    code, printed = attempt(publish, package, **settings, NEXUS_NPM_PUSH_AUTH=encoded(store.ci_pull))
    assert code != 0
    assert "403" in printed
    run(publish, package, **settings, NEXUS_NPM_PUSH_AUTH=encoded(store.ci_push))

    application = source(tmp_path / "src", "application")
    run(["npm", "install", "our-package"], application, **settings, NEXUS_NPM_AUTH=encoded(store.ci_pull))
    installed = application / "node_modules" / "our-package" / "index.js"
    assert installed.read_text() == "module.exports = 'our-package 1.0.0'\n"
