"""The CycloneDX document: this project, and below it the components that it is deployed with."""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion

from cli.paths import ROOT
from tools.sbom.licences import licences

_VERSION = SchemaVersion.V1_6


def project() -> Mapping[str, Any]:
    """The table `project` of pyproject.toml, with `name` and `version`."""
    found: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def document(components: Iterable[Component]) -> Bom:
    """The components under this project, which depends on each of them."""
    ours = project()
    bom = Bom(components=components)
    bom.metadata.component = Component(
        name=ours["name"],
        version=ours["version"],
        type=ComponentType.APPLICATION,
        bom_ref=ours["name"],
        licenses=licences("Apache-2.0"),
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


def written(bom: Bom) -> str:
    """The document as JSON.

    Raises:
        ValueError: it violates the schema of CycloneDX.
    """
    # Takes 3 s of CPU to load and checks internationalised addresses only; the document has no addresses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # imports of it fail
    from cyclonedx.validation.json import JsonStrictValidator

    text = make_outputter(bom, OutputFormat.JSON, _VERSION).output_as_string(indent=2)
    if wrong := JsonStrictValidator(_VERSION).validate_str(text):
        raise ValueError(f"the document is not CycloneDX: {wrong}")
    return f"{text}\n"
