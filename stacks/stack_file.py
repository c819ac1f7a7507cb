"""python -m stacks.stack_file FILE PATH...: what a stack file has at each path, a line each, for the scripts of setup/.

Pulumi's own `config get` is another program for each path. Of a secret it says that there is one. What Pulumi would
refuse in its own words, read in another way, or pass over in silence, is refused here first.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from stacks.plain_yaml import NotPlain, plain
from stacks.rules.problem import Problem

NAMESPACE = "repository-store:"


def values(text: str, paths: Sequence[str]) -> list[str]:
    """What the text of a stack file has at paths like `nexus.url`; an empty text where it has nothing.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    document = yaml.safe_load(text)
    config = document.get("config") if isinstance(document, Mapping) else None
    return [_written(_found(config, path)) for path in paths]


def problems(file: Path) -> list[Problem]:
    """What is wrong with the file of a stack before Pulumi reads it; nothing where there is no file."""
    if not file.exists():
        return []
    try:
        document = plain(file.read_text(encoding="utf-8-sig"))
    except NotPlain as error:
        where = f" (line {error.line})" if error.line else ""
        return [_unread(f"{file}{where}", error.problem)]
    except (UnicodeDecodeError, OSError):
        return [_unread(str(file), "it is no text in UTF-8")]
    from stacks.rules import stack_file_rules  # only a file that can be read pays for loading the schema

    return list(stack_file_rules.problems(document, str(file)))


def _unread(where: str, problem: str) -> Problem:
    return Problem(where, problem, "a stack file, as pulumi config set writes it", "mend it")


def _found(config: Any, path: str) -> Any:
    found = config
    for key in (NAMESPACE + path).split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _written(value: Any) -> str:
    """As `pulumi config` prints it."""
    if value is None:
        return ""
    if isinstance(value, Mapping) and "secure" in value:
        return "[secret]"
    return value if isinstance(value, str) else json.dumps(value)


def main(file: str, *paths: str) -> str:
    """The lines; or the program ends with one for each thing that is wrong with the file."""
    path = Path(file)
    found = problems(path)
    if found:
        sys.exit("\n".join(map(str, found)))
    return "\n".join(values(path.read_text(encoding="utf-8-sig") if path.exists() else "", paths))


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
