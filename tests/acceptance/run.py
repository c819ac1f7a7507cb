"""All of it on the server of $NEXUS_URL."""

from pathlib import Path

from cli.machine.toolchain import ensure_built_pulumi
from tests.acceptance.kinds import Kinds
from tests.acceptance.repositories import Repositories
from tests.acceptance.subjects import kinds_of, repositories_of
from tests.acceptance.table import Table
from tests.provider.real import RealPlay


def table_of(folder: Path, report: Path) -> Table:
    """What came of it; the report is written after each part, so that a run that is ended leaves what it has."""
    with RealPlay(folder, ensure_built_pulumi()) as play:
        document = play.ask("GET", "/swagger.json").json()
        server = play.send("GET", "/service/rest/v1/status").headers.get("Server", "unknown")
        table = Table(server)
        recipes = repositories_of(document)
        for subject, there in {**recipes, **kinds_of(document)}.items():
            table.expect(subject, there=there)

        def save() -> None:
            (report / "acceptance.md").write_text(table.markdown())
            (report / "acceptance.json").write_text(table.text())

        play.wanted["realms"] = ["NexusAuthenticatingRealm"]  # the template's others are not everywhere
        Repositories(play, table, {name for name, there in recipes.items() if there}).run()
        save()
        Kinds(play, table, document, save).run()
        return table
