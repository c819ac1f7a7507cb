"""The request schema compared with the models that it was generated from."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from nexus_api_client import models
from pydantic import BaseModel

import nexus.schema
from nexus.schema import complete, formats, types_of, violations
from tools.generate_schema import assembly, published_models

REPOSITORIES = [(format_, type_) for format_ in formats() for type_ in types_of(format_)]
MODELS = {name.lower(): model for name, model in vars(models).items() if isinstance(model, type)}
MINIMAL = {
    "hosted": {"name": "sample", "storage": {"blobStoreName": "default"}},
    "proxy": {"name": "sample", "storage": {"blobStoreName": "default"}, "proxy": {"remoteUrl": "https://example.org"}},
    "group": {"name": "sample", "storage": {"blobStoreName": "default"}, "group": {"memberNames": ["member"]}},
}
KEY = {"keypair": "-----BEGIN PGP PRIVATE KEY BLOCK-----"}
MINIMAL_OF_FORMAT: dict[tuple[str, str], dict[str, Any]] = {
    ("alpine", "group"): {"alpineSigning": KEY},
    ("alpine", "proxy"): {"alpineSigning": KEY},
    ("apt", "hosted"): {"apt": {"distribution": "bookworm"}, "aptSigning": KEY},
    ("terraform", "hosted"): {"terraformSigning": KEY},
}


def minimal(format_: str, type_: str) -> dict[str, Any]:
    return {**MINIMAL[type_], **MINIMAL_OF_FORMAT.get((format_, type_), {})}


def model_of(format_: str, type_: str) -> type[BaseModel]:
    prefix = {"go": "golang"}.get(format_, format_)
    return MODELS[f"{prefix}{type_}repositoryapirequest"]


@pytest.mark.parametrize(("format_", "type_"), REPOSITORIES)
def test_a_minimal_completed_body_passes_our_schema_and_the_published_model(format_: str, type_: str) -> None:
    body = complete(f"repository/{format_}/{type_}", minimal(format_, type_))
    assert violations(f"repository/{format_}/{type_}", body) == []
    accepted = model_of(format_, type_).from_dict(body).to_dict()  # type: ignore[attr-defined]
    assert accepted | body == accepted


@pytest.mark.parametrize(("format_", "type_"), REPOSITORIES)
def test_a_body_without_our_defaults_fails_our_schema_and_the_published_model(format_: str, type_: str) -> None:
    body = minimal(format_, type_)
    assert {found.problem for found in violations(f"repository/{format_}/{type_}", body)} == {"missing"}
    with pytest.raises(ValueError, match="Input should be a valid"):
        model_of(format_, type_).from_dict(body)  # type: ignore[attr-defined]


@pytest.fixture
def fresh() -> dict[str, Any]:
    """The generator's result for the installed models, without documents of servers."""
    generated: dict[str, Any] = assembly.generate([])
    return generated


@pytest.fixture
def kept() -> dict[str, Any]:
    published: dict[str, Any] = json.loads((Path(nexus.schema.__file__).parent / "requests.json").read_text())
    return published


def test_the_published_schema_contains_the_installed_models(kept: dict[str, Any], fresh: dict[str, Any]) -> None:
    assert fresh["source"] == kept["source"]
    assert set(fresh["requests"]) == set(kept["requests"])
    assert contains(kept["requests"], fresh["requests"])
    assert contains(kept["definitions"], fresh["definitions"])


def test_every_other_property_is_one_of_older_servers(kept: dict[str, Any], fresh: dict[str, Any]) -> None:
    for name, properties in kept["definitions"].items():
        older = {key for key, schema in properties.items() if "until" in schema}
        assert set(properties) - set(fresh["definitions"][name]) == older


def test_an_unknown_validator_stops_the_generator() -> None:
    (function,) = ast.parse("def check(cls, value):\n    return value.strip()").body
    assert isinstance(function, ast.FunctionDef)
    with pytest.raises(SystemExit, match="validator check is of a new kind"):
        published_models.check_in(function)


def contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and contains(whole[key], part[key]) for key in part)
    return bool(whole == part)
