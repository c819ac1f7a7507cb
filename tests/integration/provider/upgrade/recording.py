"""Runs an older tree's `up` of every kind, and writes its requests and state to one file.

The older tree is on the path, so the modules of this tier are its own.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.machine.stand_in import ensure_stand_in
from tests.authority import NOW, YEAR, Request
from tests.integration.provider.play import ADMIN, Play
from tests.integration.provider.samples import everything_else

GENERATION = "3.97"


def main(target: Path, toolchain: Path, folder: Path) -> int:
    journal = folder / "exchanges"
    journal.touch()
    with Play(folder / "play", ensure_stand_in(), toolchain, GENERATION, "--exchanges", str(journal)) as play:
        certificate = Request("Upgrade", ("upgrade.test",), begin=NOW - YEAR, end=NOW + 50 * YEAR).issued_by(None).pem
        play.wanted |= {**everything_else(), "truststore": {"corporate": {"pem": certificate}}}
        play.up()
        sent = list(_sent(journal.read_text().splitlines(), certificate))
        play.preview("--refresh", "--expect-no-changes")
        target.write_text(_written({"stack": play.wanted, "sent": sent, "state": play.state()}))
    return 0


def _sent(lines: list[str], certificate: str) -> Iterator[dict[str, Any]]:
    """The requests that changed something; the journal only has JSON."""
    texts = {"/change-password": ADMIN, "/truststore": certificate}
    for exchange in map(json.loads, lines):
        if exchange["method"] == "GET" or exchange["status"] >= 300:
            continue
        one = {"method": exchange["method"], "path": exchange["path"].removeprefix("/service/rest")}
        if "request" in exchange:
            yield {**one, "json": exchange["request"]}
        else:
            yield {**one, "text": next(text for end, text in texts.items() if one["path"].endswith(end))}


def _written(found: dict[str, Any]) -> str:
    """JSON with a line for each request and resource."""
    state = found.pop("state")
    resources = state["deployment"]["resources"]
    for resource in resources:
        for key in ("created", "modified", "sourcePosition", "stackTrace"):
            resource.pop(key, None)
    lists = {"SENT": found.pop("sent"), "RESOURCES": resources}
    state["deployment"]["resources"] = "RESOURCES"
    text = json.dumps({**found, "sent": "SENT", "state": state}, indent=1)
    for name, entries in lists.items():
        text = text.replace(f'"{name}"', "[\n" + ",\n".join(map(json.dumps, entries)) + "\n]")
    return text + "\n"


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
