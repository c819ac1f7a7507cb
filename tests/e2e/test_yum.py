"""dnf installs from the store what curl uploaded, and what only the mirror has."""

from pathlib import Path

from tests.e2e.store import Store, run
from tests.e2e.upstreams import build_rpm


def installed(store: Store, root: Path, package: str) -> str:
    """Installs a package into an empty root and returns what its one file says."""
    source = f"store,{store.outputs['repositories']['yum-group']['url']}"
    (root / "log").mkdir(parents=True)
    run(
        [
            "dnf",
            "--assumeyes",
            "--quiet",
            f"--installroot={root}",
            "--releasever=9",
            f"--repofrompath={source}",
            "--repo=store",
            f"--setopt=store.sslcacert={store.ca}",
            "--setopt=store.gpgcheck=0",
            f"--setopt=cachedir={root}/cache",
            f"--setopt=logdir={root}/log",
            "install",
            package,
        ]
    )
    return (root / "opt" / package).read_text().strip()


def test_an_uploaded_package_is_installed_through_the_group(store: Store, tmp_path: Path) -> None:
    package = build_rpm("our-tool", tmp_path / "packages")
    target = f"{store.outputs['repositories']['yum-hosted']['url']}{package.name}"
    credentials = tmp_path / "curl"
    credentials.write_text(f'user = "{":".join(store.jenkins)}"\n')
    run(
        [
            "curl",
            "--fail",
            "--silent",
            "--show-error",
            "--cacert",
            str(store.ca),
            "--config",
            str(credentials),
            "--upload-file",
            str(package),
            target,
        ]
    )
    assert installed(store, tmp_path / "root", "our-tool") == "our-tool"


def test_a_package_that_only_the_mirror_has_is_installed_through_the_group(store: Store, tmp_path: Path) -> None:
    assert installed(store, tmp_path / "root", "upstream-tool") == "upstream-tool"
