"""python -m tests.conformance.acceptance URL --ca FILE [--yes] | --image IMAGE [--only REQUESTS] [--report FOLDER].

The password of the administrator is in NEXUS_PASSWORD. Everything on the server except what Nexus ships is deleted.
With an image, a store is deployed from it and taken down. Writes acceptance.md and acceptance.json, and exits with 1
if something did not pass.
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
from tests.conformance.acceptance.table import CLOSED


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--ca", type=Path, default=Path(), help="the authority that the server's certificate is of")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--image", default="", help="make a store with this image and run on it, instead of a URL")
    parser.add_argument("--only", default="", help="some requests, like 'repository/raw/* role'; all without it")
    parser.add_argument("--report", type=Path, default=Path("build/acceptance"))
    options = parser.parse_args()
    options.only = options.only.split()
    allowed = (*schema.requests(), CLOSED)
    if unknown := [one for one in options.only if not any(fnmatchcase(name, one) for name in allowed)]:
        parser.error(f"ONLY: no request is called so (got {', '.join(unknown)}; allowed {', '.join(allowed)})")
    if options.image and options.url:
        parser.error(f"URL and IMAGE: one of them (got {options.url!r} and {options.image!r})")
    if not options.image:
        _check_server(parser, options)
    return options


def _check_server(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if not options.url.startswith("https://"):
        parser.error(f"URL: is not served with TLS (got {options.url!r}; allowed https://HOST[:PORT])")
    if not options.ca.is_file():
        parser.error(f"CA: is no file (got {str(options.ca)!r})")
    if not os.environ.get("NEXUS_PASSWORD"):
        parser.error("NEXUS_PASSWORD is missing in the environment: the password of the administrator")


def confirmed(url: str) -> bool:
    print(
        f"Every repository, user, role and setting of {url} but what Nexus ships is deleted, with all that is stored."
    )
    return sys.stdin.isatty() and input("Type the address to go on: ") == url


@contextmanager
def server(options: argparse.Namespace) -> Iterator[Mapping[str, str]]:
    """The environment variables for the server to run on."""
    if not options.image:
        yield {"NEXUS_URL": options.url.rstrip("/"), "NEXUS_CA": str(options.ca.resolve())}
        return
    from tests.conformance.acceptance.deployed import deployed

    with deployed(options.image) as found:
        yield found


def main() -> int:
    options = arguments()
    if not options.image and not options.yes and not confirmed(options.url):
        print("nothing was touched: YES=1 says that the server may be emptied")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the server is emptied also then
    options.report.mkdir(parents=True, exist_ok=True)
    with server(options) as found, tempfile.TemporaryDirectory() as folder:
        os.environ |= found
        from tests.conformance.acceptance.run import table_of  # imported late, since it reads the environment

        table = table_of(Path(folder) / "play", options.report, tuple(options.only))
    print(table.markdown())
    print(f"{table.faults} did not pass; for a report: {options.report}/acceptance.md and acceptance.json")
    return int(table.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
