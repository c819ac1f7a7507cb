"""docs/upgrading.md: its commands in a clone, with a `make` that only notes when it is called."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tools.sbom.document import project

PAGE = (Path(__file__).parents[2] / "docs" / "upgrading.md").read_text(encoding="utf-8")
THERE, BACK = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TAG = f"v{project()['version']}"
MAKE = """#!/bin/sh
echo "$* at $(git describe --tags --exact-match 2>/dev/null || git log -1 --format=%s)" >>"$CALLS"
"""


class Clone:
    """A clone at the commit `before the release`, whose origin has got a release with its tag since."""

    def __init__(self, folder: Path) -> None:
        self._calls, programs = folder / "calls", folder / "programs"
        programs.mkdir()
        (programs / "make").write_text(MAKE)
        (programs / "make").chmod(0o755)
        identity = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        path = f"{programs}:{os.environ['PATH']}"
        self._environment = {**identity, "PATH": path, "HOME": str(folder), "CALLS": str(self._calls)}
        self._path = folder
        self.run("git init --quiet origin && git -C origin commit --quiet --allow-empty -m 'before the release'")
        self.run("git clone --quiet origin clone")
        self.run("cd origin && touch new && git add new && git commit --quiet -m 'the release'")
        self.run(f"git -C origin tag {TAG}")
        self._path = folder / "clone"

    def run(self, script: str) -> None:
        subprocess.run(["bash", "-e", "-c", script], cwd=self._path, env=self._environment, check=True)

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_the_commands_get_a_clone_to_the_release_and_back(clone: Clone) -> None:
    clone.run(THERE)
    clone.run(BACK)
    assert clone.calls == [
        "backup at before the release",
        *(f"{target} at {TAG}" for target in ("preview", "up", "doctor")),
        "preview at before the release",
        "up at before the release",
    ]


def test_a_clone_with_commits_of_its_own_merges_the_release_and_reverts_it(clone: Clone) -> None:
    merge, revert = re.findall(r"`(git (?:merge|revert) [^`]+)`", PAGE)
    clone.run("echo hostname >stack && git add stack && git commit --quiet -m 'a stack file'")
    clone.run(THERE.replace(f"git checkout {TAG}", f"{merge} --no-edit"))
    clone.run(f"git merge-base --is-ancestor {TAG} HEAD && test -f new && test -s stack")
    clone.run(f"{revert} --no-edit && test ! -e new && test -s stack")


def test_the_page_is_about_the_newest_release() -> None:
    assert f"## To {project()['version']}\n" in PAGE
    assert THERE.count(TAG) == 1
