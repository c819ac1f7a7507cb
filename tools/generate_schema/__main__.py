"""Write nexus/schema/requests.json from the published models of the Nexus REST API.

Run by hand when a newer nexus-api-client is out, in an environment with the packages of requirements-dev.lock:

    python -m tools.generate_schema FOLDER

The models know types, required properties and limits; their enums and patterns sit in the source of field validators.
FOLDER holds a document for each release (a server's own swagger.json, or that converted to OpenAPI 3). Each adds the
enums and patterns that the models lost, and when a property appeared or vanished. requests.json has the checksum of
each under "documents". Without one of them, or with another one of the same release, nothing is written, since
information would be lost. What no document contains belongs in nexus/schema/corrections.json, which this script never
touches.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tools.generate_schema.assembly import generate, render
from tools.generate_schema.documents import Document

TARGET = Path(__file__).resolve().parents[2] / "nexus" / "schema" / "requests.json"


def problems(documents: list[Document], recorded: Mapping[str, str], replaced: Collection[str]) -> Iterator[str]:
    """What keeps these documents from taking the place of the recorded ones."""
    for release, number in Counter(document.version for document in documents).items():
        if number > 1:
            yield f"Nexus {release}: several documents (got {number}; allowed 1). Fix: remove all but one"
    given = {document.version: document.checksum for document in documents}
    for release, checksum in recorded.items():
        if release not in given:
            yield f"Nexus {release}: no document (allowed sha256 {checksum}). Fix: see CONTRIBUTING.md"
        elif given[release] != checksum and release not in replaced:
            fix = f"--replace {release}, if it is the better one"
            yield f"Nexus {release}: another document (got sha256 {given[release]}; allowed {checksum}). Fix: {fix}"


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate_schema",
        description="Write nexus/schema/requests.json from nexus-api-client's models and the servers' documents.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the OpenAPI documents, one for each release")
    parser.add_argument(
        "--replace", metavar="RELEASE", action="append", default=[], help="use another document of this release"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, default=TARGET)
    arguments = parser.parse_args(given)
    documents = Document.all_in(arguments.folder)
    recorded = json.loads(arguments.output.read_text(encoding="utf-8"))["documents"]
    if found := list(problems(documents, recorded, arguments.replace)):
        parser.error("\n".join(found))
    text = render(generate(documents)) + "\n"
    arguments.output.write_text(text, encoding="utf-8")
    print(f"{arguments.output}: {len(text) // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
