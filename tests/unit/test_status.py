"""README and docs/compatibility.md name the versions that the tests run with; nothing names another newest Nexus."""

import inspect
import re
from importlib.metadata import version
from pathlib import Path

from cli.command_line.tools import stand_in
from lab.go import STAND_IN
from lab.toolchain.parts import COMMAND, DOCKER, TLS
from tests.support.tools import OTHER_PULUMIS
from tests.support.versions import NEWEST

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
TABLE = (ROOT / "docs" / "compatibility.md").read_text().partition("## ")[0]


def required(module: str, path: str) -> str:
    found = re.search(rf"{re.escape(path)} v(\S+)", (ROOT / "lab" / "toolchain" / module / "go.mod").read_text())
    assert found
    return found[1]


def row(part: str) -> str:
    (found,) = re.findall(rf"^\| {part}\b.*$", TABLE, re.MULTILINE)
    return str(found)


def test_the_readme_names_the_pinned_pulumi_before_its_first_heading() -> None:
    box = README.partition("\n## ")[0]
    assert f"**Run with** Pulumi {required('pulumi-cli', 'github.com/pulumi/pulumi/pkg/v3')} " in box
    assert all(version in box for version in OTHER_PULUMIS)
    assert "**Not yet with** the image `sonatype/nexus3`" in box


def test_the_table_names_the_versions_of_the_pins() -> None:
    sdk = re.search(r"^pulumi==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert sdk
    assert f"| {sdk[1]} |" in row("Pulumi's Python SDK")
    assert f"SDK {required('language-python', 'github.com/pulumi/pulumi/sdk/v3')}," in row("Python language host")
    assert f"{DOCKER}, {TLS} and {COMMAND}," in row("docker, tls and command plugins")
    clis = row("Pulumi CLI")
    assert f"| {required('pulumi-cli', 'github.com/pulumi/pulumi/pkg/v3')}, by every test" in clis
    least = re.search(r'requiredPulumiVersion: ">=([0-9.]+)"', (ROOT / "Pulumi.yaml").read_text())
    assert least
    assert f"from {least[1]} on" in clis
    assert f"; {' and '.join(OTHER_PULUMIS)} by `make pulumi-versions`" in clis


def test_the_other_pulumis_are_older_and_newer_than_the_pinned_one_and_allowed() -> None:
    least = re.search(r'requiredPulumiVersion: ">=([0-9.]+)"', (ROOT / "Pulumi.yaml").read_text())
    assert least
    pinned = required("pulumi-cli", "github.com/pulumi/pulumi/pkg/v3")
    older, newer = OTHER_PULUMIS
    assert parts(least[1]) <= parts(older) < parts(pinned) < parts(newer)


def parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_the_newest_nexus_is_the_same_for_the_stand_in_its_options_the_models_and_the_table() -> None:
    options = (STAND_IN / "internal" / "server" / "options.go").read_text()
    released = re.findall(r'^\t\{Name: "([\d.]+)"', options, re.MULTILINE)
    assert released[0] == NEWEST
    assert released == sorted(released, key=parts, reverse=True)
    main = (STAND_IN / "main.go").read_text()
    assert f'&options.Generation, "generation", "{NEWEST}"' in main
    for text in (main, (STAND_IN / "README.md").read_text()):
        assert f"[--generation {'|'.join(released)}]" in text
    assert inspect.signature(stand_in).parameters["generation"].default == NEWEST
    assert version("nexus-api-client").startswith(f"{NEWEST}.")
    assert f"| a stand-in for {released[-1]} to {NEWEST};" in row("Nexus")


# What they name is a certain release: that of a recorded state, of a change in Nexus, or just one between two others.
NAMING_IT = {
    "tests/conformance/stand_in/test_details.py",
    "tests/e2e/store/test_refused_changes.py",
    "tests/integration/provider/test_upgrade.py",
    "tests/integration/provider/upgrade/recording.py",
    "tests/unit/test_complaints.py",
}


def test_tests_read_the_newest_nexus_from_one_place() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "tests").rglob("*.py")}
    named = re.compile(rf"[\"' :]{re.escape(NEWEST)}(\.0|[^\d.])")
    naming = {name for name, text in files.items() if named.search(text)}
    assert naming - {"tests/support/versions.py"} <= NAMING_IT
