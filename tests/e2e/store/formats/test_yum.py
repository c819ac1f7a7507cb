"""dnf installs packages that curl uploaded, and those of the mirror, from hosted, proxy and group."""

from pathlib import Path

import pytest

from tests.e2e.store.mirror import NAME
from tests.e2e.store.store import Store, run
from tests.support.real_clients import dnf

pytestmark = pytest.mark.usefixtures("without_anonymous_access")


def installed(store: Store, files: Path, root: Path, package: str) -> str:
    """Installs a package into an empty root as ci-pull, and returns the content of its one file."""
    variables, logs = root / "etc" / "dnf" / "vars", root / "log"
    for folder in (variables, logs):
        folder.mkdir(parents=True)
    for name, value in zip(("nexus_user", "nexus_password"), store.ci_pull, strict=True):
        (variables / name).write_text(value)
        (variables / name).chmod(0o600)
    settings = {"reposdir": files, "varsdir": variables, "cachedir": root / "cache", "logdir": logs}
    options = [f"--setopt={name}={value}" for name, value in settings.items()]
    run(["dnf", "--assumeyes", "--quiet", f"--installroot={root}", "--releasever=9", *options, "install", package])
    return (root / "opt" / package).read_text().strip()


def test_an_uploaded_package_is_installed(store: Store, jenkins_files: Path, tmp_path: Path) -> None:
    package = dnf.package("our-tool", tmp_path / "packages")
    target = f"{store.outputs['repositories']['yum-hosted']['url']}{package.name}"
    credentials = tmp_path / "curl"
    credentials.write_text(f'user = "{":".join(store.ci_push)}"\n')
    upload = ["--cacert", str(store.ca), "--config", str(credentials), "--upload-file", str(package), target]
    run(["curl", "--fail", "--silent", "--show-error", *upload])
    assert installed(store, jenkins_files, tmp_path / "root", "our-tool") == "our-tool"
    assert dnf.installed(store.place("yum-hosted"), tmp_path / "hosted", "our-tool") == "our-tool"


def test_a_package_of_the_mirror_is_installed(store: Store, jenkins_files: Path, tmp_path: Path) -> None:
    assert installed(store, jenkins_files, tmp_path / "root", NAME) == NAME
    assert dnf.installed(store.place("yum-proxy"), tmp_path / "proxy", NAME) == NAME
