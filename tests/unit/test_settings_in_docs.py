"""The keys of stack files that the docs type and show exist."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from stacks.topology.sections import SECTIONS
from tests.unit.test_docs import PAGES, text_of
from tests.unit.test_tables import EVERY_PATH, Path


def named_settings(page: str) -> set[Path]:
    """The keys of stack files in a page's commands and blocks of YAML."""
    text = text_of(page)
    typed = re.findall(r"--path '?([\w.\[\]-]+)", text) + re.findall(r"--set '?([\w.]+)=", text)
    typed += [pair.partition("=")[0] for pairs in re.findall(r'\bSET="([^"]*)"', text) for pair in pairs.split()]
    found = {tuple(re.sub(r"\[\d+\]", "", key).split(".")) for key in typed if not key.isupper()}
    blocks = re.findall(r"^( *)repository-store:(\w+):(.*\n(?:\1 +.*\n|\n)*)", text, re.M)
    for indent, key, value in blocks:
        found |= set(_written(yaml.safe_load(textwrap.dedent(f"{indent}{key}:{value}"))))
    return found


def _written(value: Any, above: Path = ()) -> Iterator[Path]:
    """The keys of a mapping, and of those in it."""
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        yield (*above, str(key))
        yield from _written(inner, (*above, str(key)))


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith(("README", "docs/"))])
def test_every_setting_exists(page: str) -> None:
    gone = sorted(".".join(path) for path in named_settings(page) if path[0] not in SECTIONS and not _exists(path))
    assert not gone, f"{page} names what does not exist: setting {', '.join(gone)}"


def _exists(path: Path) -> bool:
    return any(
        len(known) == len(path) and all(word in ("*", given) for word, given in zip(known, path, strict=True))
        for known in EVERY_PATH
    )


def test_settings_are_read_from_a_page() -> None:
    named = {".".join(path) for path in named_settings("docs/certificates.md")}
    assert {"tls.eab.kid", "tls.privateKey", "tls.dnsEnvironment.CF_DNS_API_TOKEN"} <= named
    assert (_exists(("tls", "eab", "hmac")), _exists(("tls", "eab", "key"))) == (True, False)
