"""Makes the release of the version in pyproject.toml: its files in build/release/VERSION, and its tag in this clone.

    make release DRY_RUN=1    # runs no test and makes no tag, and says so
    make release

It pushes nothing: at the end it prints how to publish the release.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.errors import CommandError
from cli.files import sha256
from cli.machine import provenance
from cli.machine.materials import Material
from cli.machine.toolchain import ensure_pulumi
from cli.paths import ROOT
from tools.sbom.built_here import statements
from tools.sbom.document import document, project, written
from tools.sbom.go_programs import pulumi_programs
from tools.sbom.licences import licence_list
from tools.sbom.python_packages import python_packages

CHECKS = (("make", "test"), ("make", "pulumi-versions"))
_NUMBER = re.compile(r"\d+\.\d+\.\d+")
_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A version that can be released."""

    version: str
    notes: str
    """Its section of the changelog, without the heading."""

    @property
    def tag(self) -> str:
        return f"v{self.version}"

    @property
    def folder(self) -> Path:
        return ROOT / "build" / "release" / self.version

    @property
    def notes_file(self) -> Path:
        return self.folder / "notes.md"

    def write(self, with_pulumi: bool) -> None:
        """Writes archive, SBOM, provenance, licences, notes and checksums."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"{project()['name']}-{self.version}"
        archive = self.folder / f"{stem}.tar.gz"
        build = provenance.Build("release", {"version": self.version})
        _git("archive", "--format=tar.gz", f"--prefix={stem}/", f"--output={archive}", "HEAD")
        commit = Material(str(project()["name"]), hashes=(_git("rev-parse", "HEAD").strip(),), algorithm="gitCommit")
        pulumi = ensure_pulumi() if with_pulumi else None
        made = document([*python_packages(), *(pulumi_programs(pulumi) if pulumi else [])])
        came_from = build.statement({archive.name: sha256(archive)}, [commit]).line
        files = {
            f"{stem}.cdx.json": written(made),
            f"{stem}.intoto.jsonl": came_from + (statements(pulumi) if pulumi else ""),
            f"{stem}.licences.md": licence_list(made),
        }
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.notes_file.write_text(self.notes, encoding="utf-8")
        sums = (f"{sha256(self.folder / name)}  {name}\n" for name in (archive.name, *files))
        (self.folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")

    def make_tag(self) -> None:
        """An annotated tag with the notes, whose headings git would take for comments."""
        _git("tag", "--annotate", "--cleanup=whitespace", "--file", str(self.notes_file), self.tag)


def releasable() -> Release:
    """The version of pyproject.toml, if this commit can become its release.

    Raises:
        CommandError: the version, the changelog or the clone is not ready.
    """
    version = str(project()["version"])
    if not _NUMBER.fullmatch(version):
        raise CommandError("pyproject.toml: version", "is not a release's", got=version, allowed="like 1.0.0")
    release = Release(version, notes_of((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version))
    if _git("tag", "--list", release.tag):
        fix = "set the next version in pyproject.toml and CHANGELOG.md"
        raise CommandError("pyproject.toml: version", "is released already", got=version, fix=fix)
    if changed := _git("status", "--porcelain").splitlines():
        raise CommandError("the clone", "has changes", got=changed[0].strip(), allowed="none", fix="git commit")
    return release


def notes_of(changelog: str, version: str) -> str:
    """The first section of the changelog, which has to be that of the version.

    Raises:
        CommandError: it is another version's, has no date, or is empty.
    """
    _, first, *rest = _SECTION.split(changelog)
    if not re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", first):
        raise CommandError(
            "CHANGELOG.md", "the first section is another's", got=first, allowed=f"{version} - YYYY-MM-DD"
        )
    if not rest[0].strip():
        raise CommandError("CHANGELOG.md", f"says nothing about {version}", fix="write what changes for users")
    return f"{rest[0].strip()}\n"


def main(dry_run: bool) -> None:
    """Checks, files, tag, in this order; a dry run only writes the files."""
    release = releasable()
    for command in CHECKS:
        _run(command, dry_run)
    release.write(with_pulumi=not dry_run)
    for file in sorted(release.folder.iterdir()):
        print(file.relative_to(ROOT))
    if dry_run:
        print(f"would make the tag {release.tag}, and add Pulumi's programs to the SBOM")
        return
    release.make_tag()
    print(
        f"Made the tag {release.tag}. To publish: git push origin {release.tag}, and attach these files to its release."
    )


def _run(command: Sequence[str], dry_run: bool) -> None:
    if dry_run:
        print(f"would run {' '.join(command)}", flush=True)
    elif subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise CommandError(" ".join(command), "failed, so nothing was released")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"git {arguments[0]}", done.stderr.strip())
    return done.stdout


if __name__ == "__main__":
    try:
        main(dry_run="--dry-run" in sys.argv[1:])
    except CommandError as error:
        sys.exit(str(error))
