"""twine uploads to the store, and pip installs uploaded packages and those of the mirror."""

from pathlib import Path

import pytest

from tests.e2e.store.mirror import NAME
from tests.e2e.store.store import Store
from tests.support.real_clients.python import installed, upload, wheel
from tests.support.real_clients.running import python_clients, run


def test_an_uploaded_package_is_installed_from_hosted_and_group(store: Store, tmp_path: Path) -> None:
    code, printed = upload(store.place("pypi-hosted"), wheel(tmp_path, "our_tool"))
    assert code == 0, printed
    for kind in ("hosted", "public"):
        assert "1.0" in installed(store.place(f"pypi-{kind}"), tmp_path / kind, "our-tool")


def test_a_package_of_the_mirror_is_installed_from_proxy_and_group(store: Store, tmp_path: Path) -> None:
    for kind in ("proxy", "public"):
        assert "1.0" in installed(store.place(f"pypi-{kind}"), tmp_path / kind, NAME)
    assert store.cached("pypi-proxy", ".whl")


@pytest.mark.usefixtures("without_anonymous_access")
def test_ci_pull_installs_a_package_of_ci_push_with_the_generated_pip_conf(
    store: Store, jenkins_files: Path, tmp_path: Path
) -> None:
    file = wheel(tmp_path / "dist", "our_module")
    code, printed = upload(store.place("pypi-hosted", store.ci_pull), file)
    assert code != 0
    assert "403" in printed
    code, printed = upload(store.place("pypi-hosted", store.ci_push), file)
    assert code == 0, printed

    netrc = tmp_path / ".netrc"
    netrc.touch(mode=0o600)
    netrc.write_text(f"machine {store.hostname} login {store.ci_pull[0]} password {store.ci_pull[1]}\n")
    install = [f"{python_clients()}/python", "-m", "pip", "install", f"--target={tmp_path}/site", "our_module"]
    run(install, tmp_path, PIP_CONFIG_FILE=str(jenkins_files / "pip.conf"))
    assert "VERSION = '1.0'" in (tmp_path / "site" / "our_module.py").read_text()
