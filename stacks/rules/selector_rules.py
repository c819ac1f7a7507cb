"""The rules of content selectors: an expression asks for the format and the path of a file, and for nothing else."""

import re
from collections.abc import Iterator

from stacks.rules.problem import Problem
from stacks.topology.topology import Topology

# A text in either quotes, or a name; the server's language has more, on which it alone decides.
_TOKEN = re.compile(r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<name>[A-Za-z_][\w.]*)""")
_FIELDS = ("format", "path")
_WORDS = frozenset({*_FIELDS, "and", "or", "not", "eq", "ne"})


def problems(topology: Topology) -> Iterator[Problem]:
    for name, selector in topology.content_selectors.items():
        expression = selector.declared.get("expression")
        if not isinstance(expression, str):
            continue
        for found in _TOKEN.finditer(expression):
            word = found.group("name")
            if word and word.lower() not in _WORDS:
                key = f"contentSelectors.{name}.expression"
                yield Problem(key, f"{word!r} was given", " and ".join(_FIELDS), f'mend {key}, like path =^ "/org/"')
                break
