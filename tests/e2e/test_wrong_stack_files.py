"""A wrong stack file ends at the preview, in one line, with nothing registered and no traceback."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store import Store

WRONG = {
    "unknown key": ("hostnam", "x"),
    "wrong type": ("nginx.httpsPort", "https"),
    "port clash": ("repositories.docker-proxy.docker.httpPort", "5000"),
    "unknown member": ("repositories.docker-group.group.memberNames[0]", "docker-privat"),
    "later member": ("repositories.yum-group.group.memberNames[0]", "late"),
    "cycle": ("repositories.docker-group.group.memberNames[0]", "docker-group"),
    "remote missing": ("repositories.docker-proxy.proxy.remoteUrl", ""),
    "blob store in no list": ("repositories.yum-hosted.storage.blobStoreName", "nowhere"),
    "bad hostname": ("hostname", "Nexus_Domain"),
    "upper-case docker name": ("repositories.Docker-Tools.format", "docker"),
}
NEEDS = {
    "later member": {"repositories.late.format": "yum", "repositories.late.type": "hosted"},
    "upper-case docker name": {"repositories.Docker-Tools.type": "hosted"},
}


@pytest.fixture
def spoiled(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The store, whose file is put back afterwards."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    yield store
    shutil.copy(kept, store.file)


def refused(store: Store) -> str:
    code, said = store.preview()
    assert code != 0, said
    assert "Traceback" not in said
    assert "to create" not in said
    lines = [line.strip() for line in said.splitlines() if line.strip().startswith("error:")]
    assert len(lines) == 1, said
    return lines[0]


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_stack_file_is_refused_in_one_line(spoiled: Store, mistake: str) -> None:
    key, value = WRONG[mistake]
    for needed, said in NEEDS.get(mistake, {}).items():
        spoiled.configure(needed, said)
    spoiled.configure(key, value)
    line = refused(spoiled)
    assert key.split("[")[0].removesuffix(".format") in line
    assert (value or "is missing") in line or "is not allowed" in line or key in line
    assert "allowed: " in line
    assert "remedy: " in line


def test_a_missing_secret_is_refused_with_the_command_that_sets_it(spoiled: Store) -> None:
    spoiled.unset("passwords.jenkins")
    command = f"setup/run {spoiled.stack} pulumi config set --stack {spoiled.stack} --secret --path passwords.jenkins"
    assert refused(spoiled).endswith(f"remedy: {command}")
