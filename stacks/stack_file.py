"""python -m stacks.stack_file FILE PATH...: what a stack file has at each path, a line each, for the scripts of setup/.

Pulumi's own `config get` is another program for each path. Of a secret it says that there is one.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

NAMESPACE = "repository-store:"


def values(text: str, paths: Sequence[str]) -> list[str]:
    """What the text of a stack file has at paths like `nexus.url`; an empty text where it has nothing.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    document = yaml.safe_load(text)
    config = document.get("config") if isinstance(document, Mapping) else None
    return [_written(_found(config, path)) for path in paths]


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
    """The lines; or the program ends with one that says what is wrong with the file."""
    path = Path(file)
    try:
        return "\n".join(values(path.read_text(encoding="utf-8") if path.exists() else "", paths))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}: {getattr(error, 'problem', '')})" if mark else ""
        sys.exit(
            f"{file}: it is not YAML{where}; allowed: a stack file, as pulumi config set writes it; remedy: mend it"
        )


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
