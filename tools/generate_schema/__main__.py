"""Write nexus/schema/requests.json from the published models of the Nexus REST API.

Run by hand when a newer nexus-api-client is out, in an environment with that package and PyYAML:

    pip install -r requirements-dev.txt
    python -m tools.generate_schema --openapi 3.68.2.yaml --openapi 3.94.0.yaml ...

The models know types, required properties and limits; their enums and patterns sit in the source of field validators.
Each --openapi document (a server's own swagger.json, or that converted to OpenAPI 3) adds the enums and patterns that
the models lost, and the server versions in which a property appeared or vanished. Without one of the versions that
requests.json lists under "documents" nothing is written, since its information would be lost. What no document contains
belongs in nexus/schema/corrections.json, which this script never touches.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.generate_schema.assembly import generate, render
from tools.generate_schema.documents import Document

TARGET = Path(__file__).resolve().parents[2] / "nexus" / "schema" / "requests.json"


def missing(documents: Iterable[Document]) -> list[str]:
    """The releases that requests.json knows from a document, and that none of these describes."""
    known: list[str] = json.loads(TARGET.read_text(encoding="utf-8"))["documents"]
    given = {document.version for document in documents}
    return [release for release in known if release not in given]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write nexus/schema/requests.json from nexus-api-client's models.")
    parser.add_argument(
        "--openapi", metavar="FILE", type=Path, action="append", default=[], help="a server's OpenAPI document"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, default=TARGET)
    arguments = parser.parse_args()
    documents = [Document.load(path) for path in arguments.openapi]
    if lost := missing(documents):
        parser.error(f"--openapi: a document of Nexus {', '.join(lost)} is missing. Fix: see CONTRIBUTING.md")
    text = render(generate(documents)) + "\n"
    arguments.output.write_text(text)
    print(f"{arguments.output}: {len(text) // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
