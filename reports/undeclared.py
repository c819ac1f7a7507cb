"""What is on a server beside the stack, in numbers: on an external Nexus that is no drift."""

import re
from collections import Counter
from collections.abc import Mapping

from nexus.kinds import KINDS
from reports.preview import Operation, Preview
from stacks.topology.sections import KIND_OF, MANY


def still(counts: Mapping[str, int], preview: Preview) -> dict[str, int]:
    """The numbers by section without what the preview adopts."""
    adopted = Counter(
        KINDS[str(change.state.inputs["kind"])].section
        for change in preview.changes
        if change.operation is Operation.ADOPT
    )
    left = {section: count - adopted[section] for section, count in counts.items()}
    return {section: count for section, count in left.items() if count > 0}


def in_words(counts: Mapping[str, int]) -> str:
    """Like `12 repositories, 3 roles`; what there is only once on a server is counted as settings."""
    words = [_several(count, KINDS[KIND_OF[section]].token) for section, count in counts.items() if section in MANY]
    settings = sum(count for section, count in counts.items() if section not in MANY)
    return ", ".join([*words, *([_several(settings, "Setting")] if settings else [])])


def _several(count: int, token: str) -> str:
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", token).lower()
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{count:,} {word if count == 1 else plural}"
