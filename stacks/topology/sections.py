"""The sections of a topology with their kinds, each after the sections that it needs."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

from nexus.kinds import KINDS

_ORDER = tuple(
    TopologicalSorter(
        {kind: [other for other in (*row.after, *row.refers.values()) if other != kind] for kind, row in KINDS.items()}
    ).static_order()
)
KIND_OF = {KINDS[kind].section: kind for kind in _ORDER if KINDS[kind].section and not KINDS[kind].apart}

MANY: Mapping[str, str] = {section: kind for section, kind in KIND_OF.items() if KINDS[kind].is_collection}
"""Sections that hold objects by name."""

ONE: Mapping[str, str] = {section: kind for section, kind in KIND_OF.items() if section not in MANY}
"""Sections that are a setting."""

SECTIONS = tuple(KIND_OF)

RESTORED = tuple(row.section for row in KINDS.values() if row.section and row.is_restored)
"""The keys of settings, which are restored to their prior values when they leave the stack file."""
