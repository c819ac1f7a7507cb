"""python -m tests.conformance.acceptance URL --ca FILE [--yes] | --image IMAGE [--only REQUESTS] [--report FOLDER].

The password of the administrator is in NEXUS_PASSWORD. What is on the server besides what Nexus ships is deleted. With
an image a store of its own is made with it, and taken down. Writes acceptance.md and acceptance.json, and ends with 1
when something did not pass.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from nexus import schema


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--ca", type=Path, default=Path(), help="the authority that the server's certificate is of")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--image", default="", help="make a store with this image and run on it, instead of a URL")
    parser.add_argument("--only", default="", help="some requests, like 'repository/raw/* role'; all without it")
    parser.add_argument("--report", type=Path, default=Path("build/acceptance"))
    said = parser.parse_args()
    said.only = said.only.split()
    if unknown := [one for one in said.only if not any(fnmatchcase(name, one) for name in schema.requests())]:
        parser.error(
            f"ONLY: no request is called so (got {', '.join(unknown)}; allowed {', '.join(schema.requests())})"
        )
    if said.image and said.url:
        parser.error(f"URL and IMAGE: one of them (got {said.url!r} and {said.image!r})")
    if not said.image:
        _check_server(parser, said)
    return said


def _check_server(parser: argparse.ArgumentParser, said: argparse.Namespace) -> None:
    if not said.url.startswith("https://"):
        parser.error(f"URL: is not served with TLS (got {said.url!r}; allowed https://HOST[:PORT])")
    if not said.ca.is_file():
        parser.error(f"CA: is no file (got {str(said.ca)!r})")
    if not os.environ.get("NEXUS_PASSWORD"):
        parser.error("NEXUS_PASSWORD is missing in the environment: the password of the administrator")


def confirmed(url: str) -> bool:
    print(
        f"Every repository, user, role and setting of {url} but what Nexus ships is deleted, with all that is stored."
    )
    return sys.stdin.isatty() and input("Type the address to go on: ") == url


@contextmanager
def server(said: argparse.Namespace) -> Iterator[Mapping[str, str]]:
    """The server to run on, as environment variables."""
    if not said.image:
        yield {"NEXUS_URL": said.url.rstrip("/"), "NEXUS_CA": str(said.ca.resolve())}
        return
    from tests.conformance.acceptance.deployed import deployed

    with deployed(said.image) as found:
        yield found


def main() -> int:
    said = arguments()
    if not said.image and not said.yes and not confirmed(said.url):
        print("nothing was touched: YES=1 says that the server may be emptied")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the server is emptied then too
    said.report.mkdir(parents=True, exist_ok=True)
    with server(said) as found, tempfile.TemporaryDirectory() as folder:
        os.environ |= found
        from tests.conformance.acceptance.run import table_of  # reads the environment

        table = table_of(Path(folder) / "play", said.report, tuple(said.only))
    print(table.markdown())
    print(f"{table.faults} did not pass; for a report: {said.report}/acceptance.md and acceptance.json")
    return int(table.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
