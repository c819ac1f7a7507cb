"""twine uploads to the store, and pip installs what it uploaded and what only the mirror has."""

from pathlib import Path

from tests.e2e.mirror import NAME
from tests.e2e.store import Store
from tests.real_clients.python import installed, upload, wheel


def test_an_uploaded_package_is_installed_from_hosted_and_group(store: Store, tmp_path: Path) -> None:
    code, printed = upload(store.place("pypi-hosted"), wheel(tmp_path, "our_tool"))
    assert code == 0, printed
    for kind in ("hosted", "public"):
        assert "1.0" in installed(store.place(f"pypi-{kind}"), tmp_path / kind, "our-tool")


def test_a_package_that_only_the_mirror_has_is_installed_from_proxy_and_group(store: Store, tmp_path: Path) -> None:
    for kind in ("proxy", "public"):
        assert "1.0" in installed(store.place(f"pypi-{kind}"), tmp_path / kind, NAME)
    assert store.cached("pypi-proxy", ".whl")
