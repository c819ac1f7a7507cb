"""pip and npm install as ci-pull, by the files that `make jenkins` writes, what ci-push has published."""

import base64
from pathlib import Path

import pytest

from tests.e2e.store import Store
from tests.real_clients.npm import source
from tests.real_clients.python import python_clients, upload, wheel
from tests.real_clients.running import attempt, run

pytestmark = pytest.mark.usefixtures("nobody_reads_without_a_login")


def encoded(login: tuple[str, str]) -> str:
    return base64.b64encode(":".join(login).encode()).decode()


def test_pip_with_the_written_pip_conf(store: Store, jenkins_files: Path, tmp_path: Path) -> None:
    file = wheel(tmp_path / "dist", "our_module")
    code, printed = upload(store.place("pypi-hosted", store.ci_pull), file)
    assert code != 0
    assert "403" in printed
    code, printed = upload(store.place("pypi-hosted", store.ci_push), file)
    assert code == 0, printed

    netrc = tmp_path / ".netrc"
    netrc.touch(mode=0o600)
    netrc.write_text(f"machine {store.hostname} login {store.ci_pull[0]} password {store.ci_pull[1]}\n")
    install = [python_clients() / "python", "-m", "pip", "install", "--target", tmp_path / "site", "our_module"]
    run(install, tmp_path, PIP_CONFIG_FILE=str(jenkins_files / "pip.conf"))
    assert "VERSION = '1.0'" in (tmp_path / "site" / "our_module.py").read_text()


def test_npm_with_the_written_npmrc(store: Store, jenkins_files: Path, tmp_path: Path) -> None:
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
