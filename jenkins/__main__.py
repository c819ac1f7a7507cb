"""python -m jenkins FOLDER: reads `pulumi stack output --json` from standard input and writes the files into FOLDER."""

import argparse
import json
import sys
from pathlib import Path

from jenkins.files import files, trust_stores
from jenkins.store import NotTheOutputs, Store

_SOURCE = "standard input: {}; give the output of `pulumi stack output --json` of a stack that is up"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m jenkins", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    try:
        store = Store.of(json.load(sys.stdin))
        found = {name: text.encode() for name, text in files(store).items()} | trust_stores(store)
    except json.JSONDecodeError as error:
        return _refuse(_SOURCE.format(f"not JSON at line {error.lineno}"))
    except NotTheOutputs as error:
        return _refuse(_SOURCE.format(error))
    try:
        for name, content in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}; give a folder that can be written to")
    print("\n".join(str(folder / name) for name in found))
    return 0


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
