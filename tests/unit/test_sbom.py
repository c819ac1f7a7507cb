"""The SBOM: complete compared with the locks, valid by CycloneDX's schema, with hashes and licences."""

import json
import re
import sys
from functools import cache
from importlib.metadata import distributions
from typing import Any

import pytest
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense

from stacks import images
from tests.unit.test_locks import locked, name_of
from tools.lock_requirements import ALL, STORE, lock_of
from tools.sbom.debian_packages import debian_packages
from tools.sbom.document import document, written
from tools.sbom.go_programs import program_of
from tools.sbom.images import Image, component_of, images_of
from tools.sbom.licences import NOT_STATED, licence_list, licences, recognised
from tools.sbom.python_packages import python_packages

SUM = "h1:GJ46WDwJ78jQ9qJW0nI1WdnypjCNkRQG9rVymw0go9A="
GO = f"""/bin/pulumi-language-python: go1.26.8
\tpath\tdomain.org/pulumi/cmd
\tmod\tdomain.org/pulumi/v3\tv3.79.0\t{SUM}
\tdep\tdomain.org/net\tv0.62.0\t{SUM}
\tdep\tdomain.org/old\tv1.0.0
\t=>\tdomain.org/new\tv2.0.0\t{SUM}
\tdep\tdomain.org/shim\tv0.0.0
\t=>\t./shim\t(devel)\t
\tbuild\t-trimpath=true
"""
DEBIAN = """libc6:amd64\t2.36-9+deb12u13\tamd64\tinstalled
curl\t7.88.1-10\tamd64\tinstalled
gone\t1.0\tall\tconfig-files
"""
COPYRIGHTS = """/usr/share/doc/libc6/copyright:License: LGPL-2.1+
/usr/share/doc/libc6/copyright:License: Expat
/usr/share/doc/libc6/copyright:License: Expat
"""
NEXUS = Image(images.NEXUS, "sha256:" + "a" * 64)
DIGEST = "sha256:" + "b" * 64


def image() -> Component:
    go = program_of(GO, "stand-in")
    packages = debian_packages(DEBIAN, COPYRIGHTS, NEXUS.name)
    return component_of(NEXUS, {"RepoDigests": [f"{NEXUS.name.partition(':')[0]}@{DIGEST}"]}, [*packages, go])


@cache
def whole() -> dict[str, Any]:
    """The SBOM of `make sbom`; `written` validates it against the schema."""
    parts = [*python_packages(), program_of(GO, "pulumi-language-python"), image()]
    found: dict[str, Any] = json.loads(written(document(parts)))
    return found


def component(name: str, within: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    (found,) = [each for each in within or whole()["components"] if each["name"] == name]
    return found


@pytest.mark.parametrize("sources", ALL, ids=lock_of)
def test_it_has_every_package_of_every_lock(sources: tuple[str, ...]) -> None:
    listed = {each["purl"]: each for each in whole()["components"] if each.get("purl", "").startswith("pkg:pypi/")}
    assert [f"pkg:pypi/{name}@{version}" for name, version in locked(sources).items()] != []
    for name, version in locked(sources).items():
        found = listed[f"pkg:pypi/{name}@{version}"]
        assert lock_of(sources) in [each["value"] for each in found["properties"]]
        assert all(re.fullmatch("[0-9a-f]{64}", each["content"]) for each in found["hashes"])
        assert found["hashes"]


def test_runtime_packages_are_distinguished_from_build_and_test_packages() -> None:
    for each in whole()["components"]:
        if each.get("purl", "").startswith("pkg:pypi/"):
            ours = (each["name"], each["version"]) in locked(STORE).items()
            assert each["scope"] == ("required" if ours else "excluded")


def test_every_runtime_package_has_a_licence() -> None:
    here = {name_of(each.metadata["Name"]) for each in distributions()}  # without packages for other systems
    wanted = {name: version for name, version in locked(STORE).items() if name in here}.items()
    ours = [each for each in whole()["components"] if (each["name"], each.get("version")) in wanted]
    assert len(ours) == len(wanted) > 30
    assert [each["name"] for each in ours if not each.get("licenses")] == []


def test_an_invalid_document_is_not_written() -> None:
    digest = HashType(alg=HashAlgorithm.SHA_256, content="no digest")
    wrong = Component(name="a", type=ComponentType.LIBRARY, hashes=[digest])
    with pytest.raises(ValueError, match="not CycloneDX"):
        written(document([wrong]))


def test_the_document_has_no_addresses_whose_check_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rfc3987_syntax", raising=False)  # another test may have imported it
    text = written(document([component_of(NEXUS, {}, []), *python_packages()]))
    assert sys.modules["rfc3987_syntax"] is None
    assert not re.search(r'"(externalReferences|url)"', text)


def test_a_go_program_has_its_modules_with_replacements_and_the_standard_library() -> None:
    modules = component("pulumi-language-python")["components"]
    assert {each["name"]: each.get("version") for each in modules} == {
        "domain.org/net": "v0.62.0",
        "domain.org/new": "v2.0.0",
        "domain.org/pulumi/v3": "v3.79.0",
        "domain.org/shim": "v0.0.0",
        "stdlib": "1.26.8",
    }
    assert component("domain.org/net", modules)["purl"] == "pkg:golang/domain.org/net@v0.62.0"
    assert component("domain.org/net", modules)["hashes"][0]["content"].startswith("189e3a583c09efc8d0f6a256d27235")


def test_an_image_has_its_digest_debian_packages_and_program() -> None:
    found = component(NEXUS.name)
    assert (found["type"], found["version"]) == ("container", DIGEST)
    assert {each["name"] for each in found["components"]} == {"libc6", "curl", "stand-in"}
    libc = component("libc6", found["components"])
    assert libc["purl"] == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64"
    assert [each["license"]["id"] for each in libc["licenses"]] == ["LGPL-2.1-or-later", "MIT"]


def test_an_unreadable_image_has_its_tag_and_a_note() -> None:
    found = json.loads(written(document([component_of(NEXUS, {}, [])])))["components"][0]
    assert found["version"] == NEXUS.name.partition(":")[2]
    assert "not read: the image has no dpkg-query" in [each["value"] for each in found["properties"]]


def test_each_image_of_the_state_is_listed_once() -> None:
    of_state = {"type": "docker:index/remoteImage:RemoteImage", "outputs": {"name": NEXUS.name, "imageId": NEXUS.id}}
    assert images_of([of_state, dict(of_state), {"type": "docker:index/volume:Volume", "outputs": {}}]) == [NEXUS]


def test_the_list_of_licences_has_each_component_once() -> None:
    lines = licence_list(document([*python_packages(), image()])).splitlines()
    assert "## LGPL-2.1-or-later" in lines
    assert lines.count("- libc6 2.36-9+deb12u13") == 2  # it has two licences
    assert f"## {NOT_STATED}" in lines
    assert "- curl 7.88.1-10" in lines[lines.index(f"## {NOT_STATED}") :]


@pytest.mark.parametrize(
    ("stated", "spdx"),
    [
        (("MIT",), ["MIT"]),
        (("3-Clause BSD License",), ["BSD-3-Clause"]),
        (("MIT", "Apache 2.0"), ["MIT", "Apache-2.0"]),
        (("Company's own",), ["Company's own"]),
        (("UNKNOWN",), []),
        (("",), []),
    ],
)
def test_known_licence_names_of_publishers_become_spdx_ids(stated: tuple[str, ...], spdx: list[str]) -> None:
    found = licences(*stated)
    assert [each.id or each.name for each in found if isinstance(each, DisjunctiveLicense)] == spdx
    assert len(found) == len(spdx)


def test_a_licence_text_is_recognised_or_left_alone() -> None:
    three = "Redistribution and use in source and binary forms, with or without ... Neither the name of"
    assert recognised(three) == ["BSD-3-Clause"]
    assert recognised("Apache License\n      Version 2.0, January 2004") == ["Apache-2.0"]
    assert recognised("You may do what you like on Sundays.") == []
