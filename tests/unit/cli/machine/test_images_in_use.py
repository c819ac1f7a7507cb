"""No image is removed between the check for it and the start of its container."""

from pathlib import Path

import pytest

from cli.machine import images_in_use
from cli.machine.images_in_use import images_needed, images_unneeded


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path))
    monkeypatch.setattr(images_in_use, "_SECONDS", 0.0)


def test_images_stay_while_another_command_deploys_to_the_engine() -> None:
    with images_needed(None), images_needed(None), images_unneeded(None) as is_unneeded:
        assert not is_unneeded
    with images_unneeded(None) as is_unneeded:
        assert is_unneeded


def test_images_of_another_engine_may_be_removed() -> None:
    with images_needed("ssh://deploy@nexus.domain.org"), images_unneeded(None) as is_unneeded:
        assert is_unneeded
