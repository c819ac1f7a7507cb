"""The form of the schema, to which both sources are converted."""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]
Properties = dict[str, Schema]

# Never shown in a message, never compared with the server. Matched by name alone, at any depth.
SECRETS = {
    "accountKey",
    "applicationPassword",
    "authPassword",
    "bearerToken",
    "clientSecret",
    "keypair",
    "passphrase",
    "password",
    "secretAccessKey",
    "sessionToken",
}


def finished(name: str, schema: Schema, *, required: bool) -> Schema:
    """Normalize a schema of either source: drop limits without effect, turn alternatives into enums, mark secrets."""
    if schema.get("type") == "array":
        renames = {"minLength": "minItems", "maxLength": "maxItems"}
        schema = {renames.get(key, key): value for key, value in schema.items()}
    if re.fullmatch(r"\^?\(?[\w-]+(\|[\w-]+)+\)?\$?", schema.get("pattern", "")):
        schema["enum"] = schema.pop("pattern").strip("^($)").split("|")
    if "enum" in schema:
        schema = {key: value for key, value in schema.items() if key != "minLength"}
    nullable = schema.pop("nullable", False)
    noise = {"minLength": 0, "minItems": 0, "maxLength": 0}
    schema = {key: value for key, value in schema.items() if noise.get(key) != value}
    return (
        schema
        | ({"required": True} if required else {})
        | ({"nullable": True} if required and nullable else {})
        | ({"secret": True} if name in SECRETS else {})
    )
