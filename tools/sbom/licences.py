"""Licences: their SPDX names, recognition of licence texts, and the list for a document."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.model.license import License, LicenseExpression

NOT_STATED = "not stated"
# What publishers write instead of the SPDX name, in lower case.
_SPDX = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
# Text that only one licence has, the most specific first.
_WORDS = (
    ("Apache-2.0", r"Apache License\s+Version 2\.0"),
    ("MPL-2.0", r"Mozilla Public License,? [Vv]ersion 2\.0"),
    ("LGPL-3.0-only", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3"),
    (
        "BSD-3-Clause",
        r"Redistribution and use in source and binary forms.*(Neither the name|may not be used to endorse)",
    ),
    ("BSD-2-Clause", r"Redistribution and use in source and binary forms"),
    ("MIT", r"Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("ISC", r"Permission to use, copy, modify, and(/or)? distribute this software for any"),
    ("Unlicense", r"This is free and unencumbered software released into the public domain"),
    ("CC0-1.0", r"CC0 1\.0 Universal"),
)

_factory = LicenseFactory()


def licences(*stated: str) -> list[License]:
    """The licences that publishers state, by their SPDX name if they have one."""
    named = [_SPDX.get(text.strip().lower(), text.strip()) for text in stated]
    found = [_factory.make_from_string(name) for name in dict.fromkeys(named) if name and name != "UNKNOWN"]
    # CycloneDX takes one expression or any number of names.
    if len(found) > 1:
        found = [_factory.make_with_name(each.value) if isinstance(each, LicenseExpression) else each for each in found]
    return found


def recognised(text: str) -> list[str]:
    """The licence in a LICENSE file; none if it is not a well-known one."""
    return next(([name] for name, words in _WORDS if re.search(words, text, re.DOTALL)), [])


def licence_list(bom: Bom) -> str:
    """Each licence with its components, in Markdown."""
    under: defaultdict[str, set[str]] = defaultdict(set)
    for component in _all(bom.components):
        names = [_name(licence) for licence in component.licenses] or [NOT_STATED]
        for name in names:
            under[name].add(" ".join(part for part in (component.name, component.version) if part))
    lines = [
        "# Licences of what is deployed",
        "",
        "Made by `make sbom`. Components without a machine-readable licence are listed as `not stated`.",
    ]
    for name in sorted(under, key=lambda name: (name == NOT_STATED, name.lower())):
        lines += ["", f"## {name}", "", *(f"- {each}" for each in sorted(under[name], key=str.lower))]
    return "\n".join(lines) + "\n"


def _name(licence: License) -> str:
    if isinstance(licence, LicenseExpression):
        return str(licence.value)
    return str(licence.id or licence.name)


def _all(components: Iterable[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _all(component.components)
