"""`python -m tools.generate_schema FOLDER`, on documents of our own; Sonatype's are not committed."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tools.generate_schema.__main__ import TARGET, main
from tools.generate_schema.documents import age
from tools.generate_schema.operations import operations
from tools.generate_schema.published_models import body_types

Json = dict[str, Any]
KEPT: Json = json.loads(TARGET.read_text(encoding="utf-8"))
SCRIPTS = "/v1/script"


def document(release: str, bodies: dict[tuple[str, str], Json], schemas: Json | None = None) -> Json:
    """An OpenAPI document with the bodies of operations."""
    paths: Json = {}
    for (method, path), body in bodies.items():
        content = {"application/json": {"schema": body}}
        paths.setdefault(path, {})[method.lower()] = {"requestBody": {"content": content}}
    return {"info": {"version": f"{release}.0-01"}, "paths": paths, "components": {"schemas": schemas or {}}}


def script(release: str, **properties: Json) -> Json:
    both = {"name": {"type": "string"}, "content": {"type": "string"}, **properties}
    return document(release, {("POST", SCRIPTS): {"type": "object", "properties": both}})


def written(folder: Path, documents: list[Json]) -> dict[str, str]:
    """The checksum of each release's file."""
    folder.mkdir(exist_ok=True)
    found = {}
    for each in documents:
        release = each["info"]["version"].removesuffix(".0-01")
        (folder / f"{release}.json").write_text(json.dumps(each))
        found[release] = sha256((folder / f"{release}.json").read_bytes()).hexdigest()
    return found


def generated(folder: Path, documents: list[Json]) -> Json:
    output = folder.parent / "requests.json"
    output.write_text(json.dumps({"documents": written(folder, documents)}))
    main([str(folder), "--output", str(output)])
    result: Json = json.loads(output.read_text())
    return result


def test_documents_add_when_a_property_came_and_went_and_what_it_may_be(tmp_path: Path) -> None:
    kind = {"type": {"type": "string", "enum": ["groovy", "none"]}}
    result = generated(
        tmp_path / "documents", [script("3.60", old={"type": "string", "maxLength": 9}, **kind), script("3.61", **kind)]
    )
    assert list(result["documents"]) == ["3.60", "3.61"]
    properties = result["requests"]["script"]["properties"]
    assert properties["old"] == {"type": "string", "maxLength": 9, "until": "3.60"}
    assert properties["type"]["enum"] == ["groovy", "none"]
    later = generated(tmp_path / "documents", [script("3.60"), script("3.61", **kind)])
    assert later["requests"]["script"]["properties"]["type"]["since"] == "3.61"


LIMITS = ("type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


def has(release: str, schema: Json) -> bool:
    return age(schema.get("since", "0.0")) <= age(release) <= age(schema.get("until", "99.0"))


def described(release: str, schema: Json) -> Json:
    """A schema of requests.json as a document of the release has it."""
    if "$ref" in schema:
        return {"$ref": f"#/components/schemas/{schema['$ref']}"}
    found = {key: schema[key] for key in LIMITS if key in schema}
    if "items" in schema:
        found["items"] = described(release, schema["items"])
    if "properties" in schema:
        found["properties"] = properties_of(release, schema["properties"])
    return found


def properties_of(release: str, properties: Json) -> Json:
    return {name: described(release, each) for name, each in properties.items() if has(release, each)}


def as_published(release: str) -> Json:
    """What a server of the release publishes, as far as requests.json knows it."""
    definitions = KEPT["definitions"]
    named = operations(body_types())
    bodies = {}
    for name, request in KEPT["requests"].items():
        if has(release, request):
            whole = {**definitions.get(request.get("extends"), {}), **request.get("properties", {})}
            bodies[named[name]] = described(release, {**request, "type": "object", "properties": whole})
    schemas = {
        name: {"type": "object", "properties": properties_of(release, each)} for name, each in definitions.items()
    }
    return document(release, bodies, schemas)


def test_the_committed_schema_is_what_the_command_makes_of_what_it_knows(tmp_path: Path) -> None:
    result = generated(tmp_path / "documents", [as_published(release) for release in KEPT["documents"]])
    assert list(result["documents"]) == list(KEPT["documents"])
    for part in ("source", "requests", "definitions"):
        assert result[part] == KEPT[part]


def refusal(folder: Path, output: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    before = output.read_bytes()
    with pytest.raises(SystemExit):
        main([str(folder), "--output", str(output), *more])
    assert output.read_bytes() == before
    return capsys.readouterr().err


def test_nothing_is_written_without_the_documents_that_it_was_made_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, output = tmp_path / "documents", tmp_path / "requests.json"
    sums = written(folder, [script("3.60"), script("3.61")])
    output.write_text(json.dumps({"documents": {**sums, "3.62": "f00"}}))
    assert "Nexus 3.62: no document (allowed sha256 f00). Fix: see CONTRIBUTING.md" in refusal(folder, output, capsys)

    output.write_text(json.dumps({"documents": {**sums, "3.61": "f00"}}))
    text = refusal(folder, output, capsys)
    assert f"Nexus 3.61: another document (got sha256 {sums['3.61']}; allowed f00). Fix: --replace 3.61" in text
    assert "3.60" not in text
    main([str(folder), "--output", str(output), "--replace", "3.61"])
    assert json.loads(output.read_text())["documents"] == sums

    (folder / "again.json").write_text((folder / "3.60.json").read_text())
    assert "Nexus 3.60: several documents (got 2; allowed 1)" in refusal(folder, output, capsys)
