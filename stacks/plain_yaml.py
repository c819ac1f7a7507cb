"""The YAML that files in stacks/ may contain: unambiguous to every parser, no duplicate keys, no alias bombs."""

import re
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
# Numbers that parsers read differently: PyYAML takes 0123 for octal and 1:30 for base 60, others do not.
_AMBIGUOUS = re.compile(r"[-+]?0[0-9_]+|0o[0-7_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9]+_[0-9_]*")
_MOST_NODES = 1_000_000
"""The most nodes with every alias expanded: a store of 20,000 repositories."""


class NotPlain(yaml.YAMLError):
    """The text is not YAML, or uses YAML that is not allowed; `line` counts from 1, and is 0 if unknown."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


def plain(text: str) -> Any:
    """The mappings, lists and plain values of a YAML text; dates stay text.

    Raises:
        NotPlain: not YAML, a key that is duplicate or not text, an ambiguous number, or too many nodes through aliases.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _Checker().check(node)
        return loader.construct_document(node)
    except NotPlain:
        raise
    except yaml.constructor.ConstructorError as error:
        raise NotPlain(error.problem or "it is not YAML", _line(error)) from None
    except yaml.MarkedYAMLError as error:
        raise NotPlain("it is not YAML" + (f" ({error.problem})" if error.problem else ""), _line(error)) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise NotPlain("it is not YAML") from None
    finally:
        loader.dispose()


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 0


class _Loader(yaml.SafeLoader):
    """Leaves dates as text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_TAG}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Checker:
    """Checks each node once, however many aliases refer to it."""

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}

    def check(self, node: yaml.Node) -> int:
        """Refuses what is not plain; returns the number of nodes from this one down, with every alias expanded."""
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        self._sizes[id(node)] = 1  # for a node that contains itself
        if isinstance(node, yaml.MappingNode):
            _refuse_keys(node)
            size = 1 + sum(self.check(key) + self.check(value) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            size = 1 + sum(map(self.check, node.value))
        else:
            _refuse_ambiguous(node)
            size = 1
        if size > _MOST_NODES:
            raise NotPlain(
                f"its aliases expand to more than {_MOST_NODES:,} values: write the values out", _line_of(node)
            )
        self._sizes[id(node)] = size
        return size


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
