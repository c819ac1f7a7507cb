"""python -m reports [FILE] [--stack NAME]: reads `pulumi preview --json` and prints the report."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from reports import events
from reports.markdown import Added, report
from reports.preview import NotAPreview, Preview


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m reports", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="the JSON of the preview; standard input by default")
    parser.add_argument("--stack", default="", help="the stack, if the preview failed before it named one")
    parser.add_argument("--warning", action="append", default=[], help="a sentence about the store; may be repeated")
    parser.add_argument("--addition", action="append", default=[], help="an object that only the server has")
    parser.add_argument("--administrator", action="append", default=[], help="a user made one by hand")
    parser.add_argument("--undeclared", action="append", default=[], help="what else it has: SECTION=COUNT")
    arguments = parser.parse_args()
    source = str(arguments.file or "standard input")
    try:
        text = arguments.file.read_text(encoding="utf-8") if arguments.file else sys.stdin.read()
        preview = Preview.parse(_document(text))
    except OSError as error:
        return _refuse(f"{source}: {error.strerror}; give the file that holds the output of `pulumi preview --json`")
    except json.JSONDecodeError as error:
        return _refuse(f"{source}: not JSON at line {error.lineno}; give the output of `pulumi preview --json` alone")
    except NotAPreview as error:
        return _refuse(f"{source}: {error}; give the output of `pulumi preview --json`")
    undeclared = {section: int(count) for section, _, count in (each.partition("=") for each in arguments.undeclared)}
    added = Added(tuple(arguments.administrator), tuple(arguments.addition), undeclared)
    print(report(preview, arguments.stack, arguments.warning, added), end="")
    return 0


def _document(text: str) -> Any:
    """Pulumi writes one document or, if it streams, one event per line."""
    if text.startswith('{"sequence"'):
        return events.document(text.splitlines())
    return json.loads(text)


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
