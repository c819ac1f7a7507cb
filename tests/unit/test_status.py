"""README and docs/compatibility.md name the versions that the tests run with."""

import re
from pathlib import Path

from lab.toolchain.parts import COMMAND, DOCKER, TLS
from tests.support.tools import OTHER_PULUMIS

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
