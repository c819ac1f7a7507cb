"""PEM texts in a stack file, or the names of PEM files beside it."""

import ssl
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, ValidationInfo

from stacks.beside import within

FOLDER = "folder"
"""The validation context's key for the folder of the stack file."""


def _pem(given: object, info: ValidationInfo) -> object:
    """The given PEM text, or the content of the named file beside the stack file."""
    if not isinstance(given, str) or given.lstrip().startswith("-----BEGIN "):
        return given
    folder = Path((info.context or {}).get(FOLDER, "."))
    try:
        file = within(folder, given)
        text = file.read_text(encoding="ascii") if file else ""
    except (OSError, ValueError):
        text = ""
    if "-----BEGIN " not in text:
        raise ValueError(f"a PEM text (-----BEGIN ...), or the name of a PEM file in {folder.name}/")
    return text


def are_authorities(pem: str) -> bool:
    """Whether the certificates of a PEM text can verify TLS."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError):
        return False
    return True


Pem = Annotated[str, BeforeValidator(_pem)]
SecretPem = Annotated[SecretStr, BeforeValidator(_pem)]
