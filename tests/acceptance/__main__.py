"""python -m tests.acceptance URL --ca FILE [--yes] [--report FOLDER].

The password of the administrator is in NEXUS_PASSWORD. What is on the server besides what Nexus ships is deleted.
Writes acceptance.md and acceptance.json, and ends with 1 when something did not pass.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--ca", required=True, type=Path, help="the authority that the server's certificate is of")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--report", type=Path, default=Path("build/acceptance"))
    said = parser.parse_args()
    if not said.url.startswith("https://"):
        parser.error(f"URL: is not served with TLS (got {said.url!r}; allowed https://HOST[:PORT])")
    if not said.ca.is_file():
        parser.error(f"CA: is no file (got {str(said.ca)!r})")
    if not os.environ.get("NEXUS_PASSWORD"):
        parser.error("NEXUS_PASSWORD is missing in the environment: the password of the administrator")
    return said


def confirmed(url: str) -> bool:
    print(
        f"Every repository, user, role and setting of {url} but what Nexus ships is deleted, with all that is stored."
    )
    return sys.stdin.isatty() and input("Type the address to go on: ") == url


def main() -> int:
    said = arguments()
    if not said.yes and not confirmed(said.url):
        print("nothing was touched: YES=1 says that the server may be emptied")
        return 1
    os.environ |= {"NEXUS_URL": said.url, "NEXUS_CA": str(said.ca.resolve())}
    from tests.acceptance.run import table_of  # reads the environment

    said.report.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        table = table_of(Path(folder) / "play", said.report)
    print(table.markdown())
    print(f"{table.faults} did not pass; for a report: {said.report}/acceptance.md and acceptance.json")
    return int(table.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
