"""Statements of how the images and programs that are built here came about, and whether what runs is what they name.

Each is an in-toto statement with SLSA's provenance (https://slsa.dev/spec/v1.0/provenance), with an SBOM in CycloneDX
beside it. Nobody signs them: they show that something was altered later, but not if the cache was altered with it.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.files import sha256
from cli.machine.cache import cache_folder, once
from cli.machine.materials import Material

FOLDER = "provenance"
"""Of a folder with programs: its statements and SBOMs, by the name of the module."""
STATEMENT, SBOM = "intoto.json", "cdx.json"
_BUILDER = "repository-store:built-here"
"""The machine of whoever deploys, with this repository's code."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Statement:
    """One that was read or is about to be written."""

    document: Mapping[str, Any]

    @property
    def subjects(self) -> Mapping[str, str]:
        """The SHA-256 of each thing that it is about, by name."""
        return {each["name"]: each["digest"]["sha256"] for each in self.document["subject"]}

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the build was given."""
        found: Mapping[str, Any] = self.document["predicate"]["buildDefinition"]["externalParameters"]
        return found

    @property
    def line(self) -> str:
        """For a file of JSON lines."""
        return f"{json.dumps(self.document)}\n"


@dataclass(frozen=True)
class Build:
    """A build, from its start."""

    kind: str
    """What is built: a `release`, `programs` or an `image`."""
    parameters: Mapping[str, Any]
    """What it was built with, apart from its materials."""
    began: datetime = field(default_factory=_now)

    def statement(self, subjects: Mapping[str, str], materials: Sequence[Material]) -> Statement:
        """That the subjects, SHA-256 by name, have come out of it."""
        times = {"startedOn": self.began, "finishedOn": _now()}
        definition = {
            "buildType": f"repository-store:{self.kind}",
            "externalParameters": dict(self.parameters),
            "resolvedDependencies": [_descriptor(material) for material in materials],
        }
        metadata = {"invocationId": str(uuid.uuid4()), **{name: _time(at) for name, at in times.items()}}
        return Statement(
            {
                "_type": "https://in-toto.io/Statement/v1",
                "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()],
                "predicateType": "https://slsa.dev/provenance/v1",
                "predicate": {
                    "buildDefinition": definition,
                    "runDetails": {"builder": {"id": _BUILDER}, "metadata": metadata},
                },
            }
        )

    def write(self, stem: Path, subjects: Mapping[str, str], materials: Sequence[Material]) -> None:
        """Writes the statement and the SBOM."""
        stem.parent.mkdir(parents=True, exist_ok=True)
        texts = {STATEMENT: self.statement(subjects, materials).line, SBOM: _sbom(stem.name, subjects, materials)}
        for ending, text in texts.items():
            stem.with_name(f"{stem.name}.{ending}").write_text(text, encoding="utf-8")


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _descriptor(material: Material) -> Mapping[str, Any]:
    found: dict[str, Any] = {"uri": material.purl} if material.purl else {"name": material.name}
    if len(material.hashes) == 1:
        found["digest"] = {material.algorithm: material.hashes[0]}
    elif material.hashes:
        found["annotations"] = {"one of these sha256": list(material.hashes)}
    return found


def _sbom(name: str, subjects: Mapping[str, str], materials: Sequence[Material]) -> str:
    def hashes(found: Sequence[str]) -> list[Mapping[str, str]]:
        return [{"alg": "SHA-256", "content": content} for content in found]

    subject = {"type": "application", "name": name, "bom-ref": name, "hashes": hashes(sorted({*subjects.values()}))}
    components = [
        {
            "type": "library",
            "name": each.name,
            **({"version": each.version} if each.version else {}),
            "purl": each.purl,
            "bom-ref": each.purl,
            "hashes": hashes(each.hashes),
        }
        for each in materials
        if each.purl
    ]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": subject}}
    return f"{json.dumps({**document, 'components': components}, indent=2)}\n"


def keep_of_image(build: Build, reference: str, image_id: str, config: str, materials: Sequence[Material]) -> None:
    """Keeps the statement of an image that was just built, about its configuration and the id that an engine gave it.

    The id is that of the configuration, except on an engine that has its images in containerd: there it is that of the
    manifest.
    """
    stem = _stem(reference)
    manifest = {f"{reference} (manifest)": image_id} if image_id != config else {}

    def make(folder: Path) -> None:
        build.write(folder / stem, {reference: config, **manifest}, materials)

    once(_entry(reference, image_id), make)


@dataclass(frozen=True)
class Comparison:
    """Programs and images that were built here, beside what their statements name."""

    statements: Sequence[Statement]
    altered_programs: Mapping[str, Sequence[str]]
    """The files that are not what was built, by module."""
    altered_images: Sequence[str]
    without: Sequence[str]
    """Files and images that have no statement: an earlier version built them."""


def compare(programs: Path | None, images: Mapping[str, str]) -> Comparison:
    """Compares the programs of a folder with `bin` and `home`, and images of ours: the deployed id, by reference."""
    of_programs = _read(programs / FOLDER, "*") if programs else []
    altered = {each.parameters["module"]: _altered(programs, each) for each in of_programs if programs}
    stated = {name for each in of_programs for name in each.subjects}
    kept = {name: _read(cache_folder(), f"{_entry(name, '*')}/*") for name in images}
    about = {name: [each for each in kept[name] if _is_about(each, image_id)] for name, image_id in images.items()}
    unstated = sorted(_programs_in(programs) - stated) if programs else []
    return Comparison(
        statements=[*of_programs, *(each for found in about.values() for each in found)],
        altered_programs={module: files for module, files in altered.items() if files},
        altered_images=[name for name in images if kept[name] and not about[name]],
        without=[*unstated, *(name for name in images if not kept[name])],
    )


def _altered(folder: Path, statement: Statement) -> list[str]:
    expected = statement.subjects.items()
    return [name for name, digest in expected if not (folder / name).is_file() or sha256(folder / name) != digest]


def _programs_in(folder: Path) -> set[str]:
    """Without what Pulumi writes beside its plugins, such as when each was last used."""
    found = (file for place in ("bin", "home/plugins") for file in (folder / place).rglob("*"))
    return {str(file.relative_to(folder)) for file in found if file.is_file() and file.stat().st_mode & 0o111}


def _is_about(statement: Statement, image_id: str) -> bool:
    return image_id.removeprefix("sha256:") in statement.subjects.values()


def _entry(reference: str, image_id: str) -> str:
    return f"{FOLDER}-{_stem(reference)}-{image_id[:12]}"


def _stem(reference: str) -> str:
    return reference.rpartition("/")[2].replace(":", "-")


def _read(folder: Path, pattern: str) -> list[Statement]:
    files = sorted(folder.glob(f"{pattern}.{STATEMENT}"))
    return [Statement(json.loads(file.read_text(encoding="utf-8"))) for file in files]
