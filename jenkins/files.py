"""Renders the files. One for a format without a repository in the store is left out."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from jenkins.store import AGENT, Store
from jenkins.trust import NOT_SECRET, TRUST_STORE, debian_anchors, java_trust_store

CA_FILE = "/etc/pki/ca-trust/source/anchors/repository-store.pem"
"""Where the files expect the store's CA, in a folder that `update-ca-trust` reads too."""
DEBIAN = "debian/"
"""The folder of the files that differ on Debian, Ubuntu and Alpine."""
DEBIAN_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
"""All CAs that the system trusts, as `update-ca-certificates` writes them."""

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
_WITH_THE_CA_OF_DEBIAN = ("pip.conf", ".npmrc")


def files(store: Store) -> dict[str, str]:
    """The content of every text file that fits the store; trust is left out if clients trust the store anyway."""
    settings = _rendered("settings.xml", store) if store.of_format("maven") else ""
    fitting = [name for name, formats in _FILES.items() if not formats or store.of_format(*formats)]
    found = {name: _rendered(name, store, settings=settings) for name in fitting}
    if pem := store.ca_certificate_pem:
        found["repository-store.pem"] = pem
        found |= {f"{DEBIAN}{name}": anchor for name, anchor in debian_anchors(pem).items()}
        for name in _WITH_THE_CA_OF_DEBIAN:
            if name in found:
                found[f"{DEBIAN}{name}"] = _rendered(name, store, ca_file=DEBIAN_CA_FILE)
        if settings:
            found["mavenrc"] = _rendered("mavenrc", store, trust_store=TRUST_STORE, not_secret=NOT_SECRET)
    return found


def trust_stores(store: Store) -> dict[str, bytes]:
    """Java's trust store, for Maven; without a CA of the store's own, Java's serves."""
    if not (store.ca_certificate_pem and store.of_format("maven")):
        return {}
    return {"repository-store.p12": java_trust_store(store.ca_certificate_pem)}


def _rendered(name: str, store: Store, **more: str) -> str:
    template = _TEMPLATES.get_template(f"{name.removeprefix('.')}.j2")
    values = {"ca_file": CA_FILE if store.ca_certificate_pem else "", **more}
    return template.render(store=store, agent=AGENT, **values)
