"""The CycloneDX document: this project, and below it the components that it is deployed with."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion

from tools.sbom.licences import licences

_VERSION = SchemaVersion.V1_6


def document(components: Iterable[Component]) -> Bom:
    """The components under this project, which depends on each of them."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom(components=components)
    bom.metadata.component = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
        licenses=licences("Apache-2.0"),
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


def written(bom: Bom) -> str:
    """The document as JSON.

    Raises:
        ValueError: it violates the schema of CycloneDX.
    """
    from cyclonedx.validation.json import JsonStrictValidator  # takes seconds to load

    text = make_outputter(bom, OutputFormat.JSON, _VERSION).output_as_string(indent=2)
    if wrong := JsonStrictValidator(_VERSION).validate_str(text):
        raise ValueError(f"the document is not CycloneDX: {wrong}")
    return f"{text}\n"
