"""A wrong stack file fails the preview in one line, with nothing registered and no traceback.

All mistakes are in tests/unit/stacks; here is one mistake for each check that finds them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import Store

WRONG = {
    "key": ("hostnam", "x", "hostnam: unknown key (allowed "),
    "type": ("nginx.httpsPort", "https", "nginx.httpsPort: invalid value (got 'https'; allowed a whole number"),
    "reference": (
        "repositories.yum-hosted.storage.blobStoreName",
        "yum-hostd",
        "repositories.yum-hosted.storage.blobStoreName: no blob store is called 'yum-hostd' (allowed ",
    ),
}


@pytest.fixture
def spoiled(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The store; its stack file is restored afterwards."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    yield store
    shutil.copy(kept, store.file)


def refused(store: Store) -> str:
    code, output = store.preview()
    assert code != 0, output
    assert "Traceback" not in output
    assert "to create" not in output
    lines = [line.strip() for line in output.splitlines() if line.strip().startswith("error:")]
    assert len(lines) == 1, output
    return lines[0]


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_stack_file_is_refused_in_one_line(spoiled: Store, mistake: str) -> None:
    key, value, expected = WRONG[mistake]
    spoiled.configure(key, value)
    line = refused(spoiled)
    assert expected in line
    assert ". Fix: " in line


def test_a_missing_secret_is_refused_with_the_command_that_sets_it(spoiled: Store) -> None:
    spoiled.unset("passwords.jenkins")
    command = f"./store pulumi config set --stack {spoiled.stack} --secret --path passwords.jenkins"
    assert refused(spoiled).endswith(f"Fix: {command}")
