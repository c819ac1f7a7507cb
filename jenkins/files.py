"""Renders the files. One for a format without a repository in the store is left out."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from jenkins.store import AGENT, Store

CA_FILE = "/etc/pki/ca-trust/source/anchors/repository-store.pem"
"""Where the files expect the store's CA, in a folder that `update-ca-trust` reads too."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - most are no XML; the one that is escapes by itself
)
_TEMPLATES.filters["xml"] = lambda text: str(escape(text))

# By file: the formats of which the store must have at least one.
_FILES: Mapping[str, tuple[str, ...]] = {
    "jenkins.yaml": (),
    "settings.xml": ("maven",),
    "repository-store.repo": ("yum",),
    "pip.conf": ("pypi",),
    ".npmrc": ("npm",),
    "daemon.json": ("docker",),
}


def files(store: Store) -> dict[str, str]:
    """The content of every file that fits the store; the CA is left out if clients trust the store anyway."""
    found = {"repository-store.pem": store.ca_certificate_pem} if store.ca_certificate_pem else {}
    settings = _rendered("settings.xml", store) if store.of_format("maven") else ""
    for name, formats in _FILES.items():
        if not formats or store.of_format(*formats):
            found[name] = _rendered(name, store, settings=settings)
    return found


def _rendered(name: str, store: Store, **more: str) -> str:
    template = _TEMPLATES.get_template(f"{name.removeprefix('.')}.j2")
    return template.render(store=store, agent=AGENT, ca_file=CA_FILE if store.ca_certificate_pem else "", **more)
