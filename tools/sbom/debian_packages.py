"""The Debian packages of an image, with the licences from their copyright files."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from cyclonedx.model.component import Component, ComponentType
from packageurl import PackageURL

from tools.sbom.licences import licences

QUERY = (
    "dpkg-query",
    "--show",
    "--showformat",
    "${binary:Package}\t${Version}\t${Architecture}\t${db:Status-Status}\n",
)
LICENCES = ("grep", "--recursive", "--no-messages", "--include=copyright", "^License: ", "/usr/share/doc")
"""Prints the lines that name one, by https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/."""
_LINE = re.compile(r"^/usr/share/doc/([^/]+)/copyright:License: *(.+)$", re.MULTILINE)
_GNU = re.compile(r"^(A?GPL|LGPL|GFDL)-(\d)(?:\.(\d))?(\+?)$")
_SPDX = {"expat": "MIT", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "zlib": "Zlib"}


def debian_packages(queried: str, copyrights: str, image: str) -> list[Component]:
    """The packages, from the output of `QUERY` and `LICENCES` in the image."""
    stated = _stated(copyrights)
    rows = [line.split("\t") for line in queried.splitlines()]
    return [_component(row, image, stated) for row in rows if row[3] == "installed"]


def _component(row: Sequence[str], image: str, stated: Mapping[str, Sequence[str]]) -> Component:
    package, version, architecture = row[:3]
    name = package.partition(":")[0]
    purl = PackageURL("deb", "debian", name, version, {"arch": architecture})
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=f"image:{image}#{purl.to_string()}",
        licenses=licences(*stated.get(name, ())),
    )


def _stated(copyrights: str) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for package, licence in _LINE.findall(copyrights):
        found[package].append(_spdx(licence.strip()))
    return found


def _spdx(debian: str) -> str:
    """The SPDX name for Debian's short name, which often is the same."""
    if gnu := _GNU.match(debian):
        return f"{gnu[1]}-{gnu[2]}.{gnu[3] or 0}-{'or-later' if gnu[4] else 'only'}"
    return _SPDX.get(debian.lower(), debian)
