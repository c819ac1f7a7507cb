"""`make release DRY_RUN=1` in a clone of this tree: what it writes and refuses, and that it pushes nothing."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.errors import CommandError
from tools import release
from tools.sbom import document
from tools.sbom.document import project

ROOT = Path(__file__).parents[2]
NOTES = "### Fixed\n\n- Something.\n"
CHANGELOG = f"# Changelog\n\n## 9.8.7 - 2030-01-31\n\n{NOTES}\n## 9.8.6 - 2029-12-31\n\n- Older.\n"


def tracked() -> list[str]:
    """The files of this tree; what is only deleted in the working tree is deleted in a clone too."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).exists()]


class Clone:
    """A clone whose commit is about to become the release 9.8.7, and whose origin has nothing yet."""

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        self.path, self.origin = folder / "clone", folder / "origin.git"
        self.path.mkdir()
        for name in files:
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.path / name, follow_symlinks=False)
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.origin)], check=True)
        self.git("init", "--quiet")
        self.git("remote", "add", "origin", str(self.origin))
        self.write("CHANGELOG.md", CHANGELOG)
        pins = (ROOT / "pyproject.toml").read_text()
        self.write("pyproject.toml", re.sub(r'^version = ".*"$', 'version = "9.8.7"', pins, flags=re.MULTILINE))
        self.commit()

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@domain.org"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=True).stdout

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a commit")

    def dry_run(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tools.release", "--dry-run"]
        return subprocess.run(command, cwd=self.path, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A small one, in which the functions of this process work."""
    made = Clone(tmp_path, ["README.md"])
    for module in (release, document):
        monkeypatch.setattr(module, "ROOT", made.path)
    return made


def test_a_dry_run_writes_the_files_and_says_what_it_left_out_or_refuses_in_one_line(tmp_path: Path) -> None:
    clone = Clone(tmp_path, tracked())
    done = clone.dry_run()
    assert (done.returncode, done.stderr) == (0, "")
    folder = "build/release/9.8.7"
    stem = f"{project()['name']}-9.8.7"
    files = ["SHA256SUMS", "notes.md", *(f"{stem}.{ending}" for ending in ("cdx.json", "licences.md", "tar.gz"))]
    assert done.stdout.splitlines() == [
        *(f"would run {' '.join(command)}" for command in release.CHECKS),
        *(f"{folder}/{name}" for name in files),
        "would make the tag v9.8.7, and add Pulumi's programs to the SBOM",
    ]
    made = clone.path / folder
    assert (made / "notes.md").read_text() == NOTES
    assert json.loads((made / f"{stem}.cdx.json").read_text())["metadata"]["component"]["version"] == "9.8.7"
    with tarfile.open(made / f"{stem}.tar.gz") as archive:
        packed = {member.name.removeprefix(f"{stem}/") for member in archive if not member.isdir()}
    assert packed == set(clone.git("ls-files").splitlines())
    sums = [f"{hashlib.sha256((made / name).read_bytes()).hexdigest()}  {name}" for name in files[2:]]
    assert sorted((made / "SHA256SUMS").read_text().splitlines()) == sorted(sums)
    # It left no trace but ignored files, here and at the origin.
    assert clone.git("status", "--porcelain") == clone.git("tag") == ""
    assert clone.git("ls-remote", "origin") == ""
    (clone.path / "README.md").unlink()
    refused = clone.dry_run()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "the clone: has changes (got D README.md; allowed none). Fix: git commit\n"


def refusal() -> str:
    with pytest.raises(CommandError) as refused:
        release.main(dry_run=True)
    return str(refused.value)


def test_what_is_not_ready_is_refused(clone: Clone) -> None:
    (clone.path / "README.md").unlink()
    assert refusal() == "the clone: has changes (got D README.md; allowed none). Fix: git commit"
    clone.git("tag", "v9.8.7")
    assert "pyproject.toml: version: is released already (got 9.8.7)" in refusal()
    clone.write("CHANGELOG.md", CHANGELOG.replace("## 9.8.7 - 2030-01-31", "## Unreleased"))
    assert "the first section is another's (got Unreleased; allowed 9.8.7 - YYYY-MM-DD)" in refusal()
    assert not (clone.path / "build").exists()


@pytest.mark.parametrize("section", ["9.8.7", "9.8.7 - soon", "9x8.7 - 2030-01-31", "9.8.6 - 2029-12-31"])
def test_the_first_section_has_to_be_that_of_the_version(section: str) -> None:
    with pytest.raises(CommandError, match="the first section is another's"):
        release.notes_of(f"# Changelog\n\n## {section}\n\n- Something.\n", "9.8.7")


def test_a_section_without_entries_is_refused() -> None:
    with pytest.raises(CommandError, match=r"says nothing about 9\.8\.7"):
        release.notes_of(CHANGELOG.replace(NOTES, ""), "9.8.7")


def test_the_tag_has_the_notes_with_their_headings_and_is_not_pushed(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(variable, "test@domain.org")
    made = release.Release("9.8.7", NOTES)
    made.folder.mkdir(parents=True)
    made.notes_file.write_text(made.notes)
    made.make_tag()
    assert clone.git("tag", "--list", "--format=%(objecttype) %(refname:short)\n%(contents)").strip() == (
        f"tag v9.8.7\n{NOTES}".strip()
    )
    assert clone.git("ls-remote", "origin") == ""


def test_a_failed_check_ends_the_release(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "releasable", lambda: release.Release("9.8.7", NOTES))
    monkeypatch.setattr(release, "CHECKS", (("true",), ("false",)))
    with pytest.raises(CommandError, match="false: failed, so nothing was released"):
        release.main(dry_run=False)
    assert not (clone.path / "build").exists()


def test_the_newest_release_of_the_changelog_is_the_version_of_the_project() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    versions = [re.fullmatch(r"(\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d", each) for each in headings if each != "Unreleased"]
    assert all(versions)
    assert versions[0]
    assert versions[0][1] == project()["version"]
    assert "Unreleased" not in headings[1:]


@pytest.mark.parametrize(("given", "option"), [((), ""), (("DRY_RUN=1",), " --dry-run")])
def test_make_release_passes_the_dry_run_on(given: tuple[str, ...], option: str) -> None:
    done = subprocess.run(["make", "-n", "release", *given], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == f".venv/bin/python -m tools.release{option}"
