"""The topology that several stacks share: a YAML file beside the stack files."""

import json
from pathlib import Path
from typing import Any, NoReturn

from nexus.problem import Problem
from stacks.beside import within
from stacks.plain_yaml import NotPlain, plain
from stacks.rules.refusal import Refusal
from stacks.rules.secret_rules import in_clear
from stacks.rules.shown import shown
from stacks.topology.sections import SECTIONS

SCHEMA = "topology.schema.json"
"""What editors read of it, beside it."""
_KEY = "topology"


def shared_topology(folder: Path, name: object) -> dict[str, Any]:
    """The content of the file of that name in the folder; empty without a name.

    Raises:
        Refusal: it cannot be read, or holds what a stack file could not hold.
    """
    if name is None:
        return {}
    content = _content(str(name), _text(folder, name))
    if not isinstance(content, dict):
        _refuse(f"{name} is not a mapping", f"the keys {', '.join(SECTIONS)}", f"edit {name}")
    try:
        json.dumps(content, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        _refuse(
            f"{name} has a value that is not JSON ({error})",
            "texts, numbers, true, false, lists, mappings",
            f"edit {name}",
        )
    secrets = list(in_clear(content, f"is in {name}, which cannot hold secrets"))
    if secrets:
        raise Refusal(secrets)
    return content


def _text(folder: Path, name: object) -> str:
    if not isinstance(name, str):
        _refuse(
            "invalid value",
            f"the name of a YAML file in {folder.name}/",
            "pulumi config set topology FILE",
            shown(name),
        )
    try:
        file = within(folder, name)
        if file is None:
            _refuse(
                f"{shown(name)} is outside {folder.name}/",
                f"the name of a YAML file in {folder.name}/",
                f"put the file into {folder.name}/, then: pulumi config set topology FILE",
            )
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _refuse(f"{shown(name)} is not UTF-8 text", "a YAML file", f"edit {name}")
    except (OSError, ValueError):
        fix = "write it beside the stack file, or: pulumi config rm topology"
        _refuse(f"there is no file {shown(name)}", f"a YAML file in {folder.name}/", fix)


def _content(name: str, text: str) -> Any:
    try:
        return plain(text) or {}
    except NotPlain as error:
        line = f" (line {error.line})" if error.line else ""
        _refuse(f"{name}{line}: {error.problem}", "valid YAML, each key once", f"edit {name}")


def _refuse(problem: str, allowed: str, fix: str, got: str = "") -> NoReturn:
    raise Refusal([Problem(_KEY, problem, allowed, fix, got)])
