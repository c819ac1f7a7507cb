"""The YAML that files in stacks/ may contain: unambiguous, no duplicate keys, of bounded depth and size."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
# Numbers that parsers read differently: PyYAML takes 0123 for octal and 1:30 for base 60, others do not.
_AMBIGUOUS = re.compile(r"[-+]?0[0-9_]+|0o[0-7_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9]+_[0-9_]*")
_MOST_NODES = 1_000_000
"""The most nodes with every alias expanded: a store of 20,000 repositories."""
_MOST_LEVELS = 100
"""The deepest nesting with every alias expanded; Nexus's own objects have fewer than ten levels."""
_TOO_DEEP = f"it is nested more than {_MOST_LEVELS} levels deep: write it flatter"
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"


class NotPlain(yaml.YAMLError):
    """The text is not YAML, or uses YAML that is not allowed; `line` counts from 1, and is 0 if unknown."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


def plain(text: str) -> Any:
    """The mappings, lists and plain values of a YAML text; dates stay text.

    Raises:
        NotPlain: not YAML, a key that is duplicate or not text, an ambiguous number, nested too deep, or too many nodes
            through aliases.
    """
    return _loaded(text, _PlainLoader, _Checker())


def bounded(text: bytes) -> Any:
    """What a YAML text holds, in any spelling. PyYAML's C loader is ten times as fast, but not in every build of it.

    Raises:
        NotPlain: not YAML, nested too deep, or too many nodes through aliases.
    """
    return _loaded(text, getattr(yaml, "CSafeLoader", _Loader), _Extents())


def _loaded(text: str | bytes, kind: Any, extents: "_Extents") -> Any:
    try:
        loader = kind(text, extents) if issubclass(kind, _Loader) else kind(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            extents.check(node)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except NotPlain:
        raise
    except yaml.constructor.ConstructorError as error:
        raise NotPlain(error.problem or "it is not YAML", _line(error)) from None
    except yaml.MarkedYAMLError as error:
        if error.problem == _TOO_DEEP_FOR_LIBYAML:
            raise NotPlain(_TOO_DEEP, _line(error)) from None
        raise NotPlain("it is not YAML" + (f" ({error.problem})" if error.problem else ""), _line(error)) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise NotPlain("it is not YAML") from None


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 0


class _Loader(yaml.SafeLoader):
    """Checks nodes while it reads, since the time that the scanner takes grows with the square of the depth."""

    def __init__(self, text: str | bytes, extents: "_Extents") -> None:
        super().__init__(text)
        self._extents, self._level = extents, 0

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        """The scanner is up to 1,024 characters ahead of the nodes."""
        if self.flow_level > _MOST_LEVELS:
            raise NotPlain(_TOO_DEEP, int(self.line) + 1)
        super().fetch_flow_collection_start(token)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            return super().compose_node(parent, index)
        if parent is not None and self._level > _MOST_LEVELS:
            raise NotPlain(_TOO_DEEP, _line_of(parent))
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        if node is not None:
            self._extents.check(node)
        return node


class _PlainLoader(_Loader):
    """Leaves dates as text."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_TAG}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Extents:
    """Measures each node once, however many aliases refer to it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._open = set[int]()

    def check(self, node: yaml.Node, level: int = 0) -> tuple[int, int]:
        """The number of nodes from this one down and of levels below it, with every alias expanded.

        Raises:
            NotPlain: there are too many, or it contains itself.
        """
        known = self._known.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise NotPlain("a value contains itself through an alias: write it out", _line_of(node))
        if level > _MOST_LEVELS:
            raise NotPlain(_TOO_DEEP, _line_of(node))
        self._refuse(node)
        size, levels = 1, 0
        if isinstance(node, yaml.CollectionNode):
            self._open.add(id(node))
            for child in _children(node):
                nodes, below = self.check(child, level + 1)
                size, levels = size + nodes, max(levels, below + 1)
        if size > _MOST_NODES:
            raise NotPlain(
                f"its aliases expand to more than {_MOST_NODES:,} values: write the values out", _line_of(node)
            )
        if levels > _MOST_LEVELS:
            raise NotPlain(_TOO_DEEP, _line_of(node))
        self._known[id(node)] = size, levels
        return size, levels

    def _refuse(self, node: yaml.Node) -> None:
        """Nothing: any spelling is read."""


class _Checker(_Extents):
    """Also refuses what parsers read differently."""

    def _refuse(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            _refuse_keys(node)
        else:
            _refuse_ambiguous(node)


def _children(node: yaml.CollectionNode) -> Iterable[yaml.Node]:
    return chain.from_iterable(node.value) if isinstance(node, yaml.MappingNode) else node.value


def _refuse_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag == f"{_TAG}merge":
            continue
        if key.tag != f"{_TAG}str":
            raise NotPlain("a key that is not text: put it in quotes", _line_of(key))
        if key.value in seen:
            raise NotPlain(f"duplicate key {key.value}", _line_of(key))
        seen.add(key.value)


def _refuse_ambiguous(node: yaml.Node) -> None:
    """Only values without quotes can be ambiguous."""
    if isinstance(node, yaml.ScalarNode) and node.style is None and _AMBIGUOUS.fullmatch(node.value):
        raise NotPlain(
            f"YAML parsers read {node.value[:40]} as different numbers or as text: "
            f"write it as a decimal number, or put it in quotes",
            _line_of(node),
        )


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
