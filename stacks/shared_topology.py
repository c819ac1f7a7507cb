"""The topology that several stacks share: a YAML file beside the stack files."""

import json
from pathlib import Path
from typing import Any, NoReturn

import yaml

from stacks.rules.problem import Problem
from stacks.rules.refusal import Refusal
from stacks.rules.shown import shown
from stacks.topology.topology import SECTIONS

_KEY = "topology"
_TAG = "tag:yaml.org,2002:"


def shared_topology(folder: Path, name: object) -> dict[str, Any]:
    """The content of the file of that name in the folder; nothing without a name.

    Raises:
        Refusal: it cannot be read, or it is not what a stack file could say too.
    """
    if name is None:
        return {}
    content = _content(str(name), _text(folder, name))
    if not isinstance(content, dict):
        _refuse(f"{name} holds no mapping", f"the keys {', '.join(SECTIONS)}", f"mend {name}")
    try:
        json.dumps(content, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        _refuse(
            f"{name} holds what JSON cannot ({error})", "texts, numbers, true, false, lists, mappings", f"mend {name}"
        )
    return content


class _Loader(yaml.SafeLoader):
    """Takes a name once only, as the reader of stack files does, and leaves dates the texts that they are."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == f"{_TAG}merge":
                continue
            if key.tag != f"{_TAG}str":
                raise yaml.constructor.ConstructorError(
                    None, None, "a key that is no text: put it in quotes", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_TAG}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _text(folder: Path, name: object) -> str:
    if not isinstance(name, str):
        _refuse(
            f"{shown(name)} was given", f"the name of a YAML file in {folder.name}/", "pulumi config set topology FILE"
        )
    try:
        return (folder / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        _refuse(f"{shown(name)} is no text in UTF-8", "a YAML file", f"mend {name}")
    except (OSError, ValueError):
        remedy = "write it beside the stack file, or: pulumi config rm topology"
        _refuse(f"there is no file {shown(name)}", f"a YAML file in {folder.name}/", remedy)


def _content(name: str, text: str) -> Any:
    try:
        return yaml.load(text, _Loader) or {}  # noqa: S506 - a safe one, which makes plain values only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" (line {mark.line + 1})" if mark else ""
        what = error.problem if isinstance(error, yaml.constructor.ConstructorError) else "it is not YAML"
        _refuse(f"{name}{line}: {what}", "valid YAML, each key once", f"mend {name}")
    except (yaml.YAMLError, ValueError, RecursionError):
        _refuse(f"{name} is not YAML", "valid YAML", f"mend {name}")


def _refuse(given: str, allowed: str, remedy: str) -> NoReturn:
    raise Refusal([Problem(_KEY, given, allowed, remedy)])
