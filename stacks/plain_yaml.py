"""YAML as the files of stacks/ may have it: one meaning for every reader, each key once, and no bomb."""

import re
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
# PyYAML reads the first as octal and the second as minutes or degrees; other readers of YAML do not.
_AMBIGUOUS = re.compile(r"[-+]?0[0-9_]+|0o[0-7_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9]+_[0-9_]*")
_MOST_NODES = 1_000_000
"""What a file may hold with every alias written out: a store of 20,000 repositories."""


class NotPlain(yaml.YAMLError):
    """The text is YAML of a kind that is not taken, or none; `line` counts from 1, 0 where it is not known."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


def plain(text: str) -> Any:
    """The mappings, lists and plain values of a YAML text; dates stay the texts that they are.

    Raises:
        NotPlain: not YAML, a key that is there twice or not a text, a number with two readings, or huge by aliases.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _Judge().judge(node)
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
    """Leaves dates the texts that they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_TAG}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Judge:
    """Walks each node once, whatever refers to it."""

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}

    def judge(self, node: yaml.Node) -> int:
        """How many nodes there are below and with it, with every alias written out."""
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        self._sizes[id(node)] = 1  # of what holds itself, which no JSON can
        if isinstance(node, yaml.MappingNode):
            _refuse_keys(node)
            size = 1 + sum(self.judge(key) + self.judge(value) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            size = 1 + sum(map(self.judge, node.value))
        else:
            _refuse_two_readings(node)
            size = 1
        if size > _MOST_NODES:
            raise NotPlain(
                f"its aliases stand for more than {_MOST_NODES:,} values: write out what is meant", _line_of(node)
            )
        self._sizes[id(node)] = size
        return size


def _refuse_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag == f"{_TAG}merge":
            continue
        if key.tag != f"{_TAG}str":
            raise NotPlain("a key that is no text: put it in quotes", _line_of(key))
        if key.value in seen:
            raise NotPlain(f"{key.value} is there twice", _line_of(key))
        seen.add(key.value)


def _refuse_two_readings(node: yaml.Node) -> None:
    """Of what is in no quotes."""
    if isinstance(node, yaml.ScalarNode) and node.style is None and _AMBIGUOUS.fullmatch(node.value):
        raise NotPlain(
            f"{node.value[:40]} is one number to some readers of YAML and another or a text to others: "
            f"write it as a decimal number, or put it in quotes",
            _line_of(node),
        )


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
