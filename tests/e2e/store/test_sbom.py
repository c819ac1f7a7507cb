"""`make sbom` of a running store."""

import json
from typing import Any

from tests.e2e.store.store import ROOT, Store


def test_it_lists_images_with_their_packages_and_programs_with_their_modules(store: Store) -> None:
    store.make("sbom")
    folder = ROOT / "build" / "sbom"
    document = json.loads((folder / f"{store.stack}.cdx.json").read_text())
    images = {each["name"].split(":")[0]: each for each in document["components"] if each["type"] == "container"}
    assert len(images) == 2
    for name, needed in (("repository-store/nexus-stand-in", "createrepo-c"), ("repository-store/nginx", "curl")):
        packages = {each["name"]: each for each in images[name]["components"]}
        assert packages[needed]["purl"].startswith(f"pkg:deb/debian/{needed}@")
        assert packages[needed]["licenses"]
    (stand_in,) = [each for each in images["repository-store/nexus-stand-in"]["components"] if "components" in each]
    assert "golang.org/x/crypto" in names(stand_in)
    programs = {each["name"]: each for each in document["components"] if each["type"] == "application"}
    assert {"pulumi", "pulumi-language-python", "pulumi-resource-docker"} <= programs.keys()
    assert "github.com/docker/docker" in names(programs["pulumi-resource-docker"])
    assert "## Apache-2.0" in (folder / f"{store.stack}.licences.md").read_text()


def names(program: dict[str, Any]) -> set[str]:
    return {each["name"] for each in program["components"]}
