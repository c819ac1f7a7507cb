"""The whole run on the server in $NEXUS_URL."""

import datetime
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cli.machine.toolchain import ensure_built_pulumi
from nexus import schema
from nexus.objects.declaration import Need
from tests.conformance.acceptance import closed
from tests.conformance.acceptance.asking import Asking
from tests.conformance.acceptance.life import Life, Wanted
from tests.conformance.acceptance.samples import NOT_TRIED, PASSWORDS, of_repositories, of_the_rest, without
from tests.conformance.acceptance.subjects import Subject, first_of_each, lacking, subjects
from tests.conformance.acceptance.table import CLOSED, Table
from tests.integration.provider.play import ADMIN
from tests.integration.provider.real import RealPlay
from tests.integration.provider.samples import combinations
from tests.support.versions import NEWEST

_REACH = ("ssrfProtection", "httpProxy", "truststore")  # created before objects that connect to other hosts


def table_of(folder: Path, report: Path, only: tuple[str, ...]) -> Table:
    """Runs everything; writes the report after each step, so that an interrupted run leaves one."""
    with RealPlay(folder, ensure_built_pulumi()) as play:
        document = play.ask("GET", "/swagger.json").json()
        headers = play.send("GET", "/service/rest/v1/status").headers
        server = headers.get("Server", "")
        if not server.startswith("Nexus/"):  # the answer of a proxy in front of it
            server = f"Nexus/{document['info']['version']}"
        play.wanted["nexus"] = {"generation": ".".join(re.findall(r"\d+", server)[:2])}
        server += ", a stand-in" if "X-Stand-In" in headers else ""
        table = Table(server, datetime.datetime.now(datetime.UTC).date().isoformat())
        for request in schema.requests():
            table.expect(request, NOT_TRIED.get(request, ""))
            if only and not _is_chosen(request, only):
                table.expect(request, "was not asked for")

        def save() -> None:
            (report / "acceptance.md").write_text(table.markdown())
            (report / "acceptance.json").write_text(table.text())

        recipes = {f"{format_}/{type_}" for format_, type_ in combinations()}
        _life(play, document, table, of_repositories(recipes), only, save, repositories=True).run()
        _life(play, document, table, of_the_rest(), only, save, repositories=False).run()
        if not only or CLOSED in only:
            print("closed paths: past nginx and through it", flush=True)
            table.closed = closed.tried(folder, ADMIN)
        save()
        return table


def _life(
    play: RealPlay,
    document: dict[str, Any],
    table: Table,
    wanted: Wanted,
    only: tuple[str, ...],
    save: Callable[[], None],
    *,
    repositories: bool,
) -> Life:
    """Runs the objects that the server supports; the rest of the stack file is referenced by them."""
    newest = {**play.wanted, "nexus": {"generation": NEWEST}, "passwords": {**play.wanted["passwords"], **PASSWORDS}}
    everything = subjects({**newest, **wanted})
    missing: dict[Need, str] = {}
    for one in everything:
        needed = (missing[need] for need in one.declaration.needs if need in missing and need[0] not in _REACH)
        if reason := _reason(play, document, one) or next(needed, ""):
            missing[one.need] = reason
    own = [one for one in first_of_each(everything) if (one.declaration.kind == "repository") is repositories]
    for one in own:
        table.rows[one.label].lacking = table.rows[one.label].lacking or missing.get(one.need, "")
    chosen = [one for one in own if one.need not in missing and _is_chosen(one.label, only)]
    return Life(play, Asking(play, document), table, without(wanted, set(missing)), chosen, save)


def _is_chosen(request: str, only: tuple[str, ...]) -> bool:
    return not only or any(fnmatchcase(request, pattern) for pattern in only)


def _reason(play: RealPlay, document: dict[str, Any], one: Subject) -> str:
    if found := lacking(document, one):
        return found
    return "" if one.declaration.kind != "script" or _takes_scripts(play) else "the server allows no scripts"


def _takes_scripts(play: RealPlay) -> bool:
    """Whether the server accepts scripts; it refuses a valid script only if they are disabled."""
    taken = play.ask("POST", "/v1/script", {"name": "acceptance", "type": "groovy", "content": "1"}).ok
    play.ask("DELETE", "/v1/script/acceptance")
    return taken
