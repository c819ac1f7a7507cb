"""All of it on the server of $NEXUS_URL."""

from pathlib import Path

from cli.machine.toolchain import ensure_built_pulumi
from tests.acceptance.kinds import Kinds
from tests.acceptance.repositories import Repositories
from tests.acceptance.subjects import kinds_of, repositories_of
from tests.acceptance.table import Table
from tests.provider.real import RealPlay


def table_of(folder: Path) -> Table:
    with RealPlay(folder, ensure_built_pulumi()) as play:
        document = play.ask("GET", "/swagger.json").json()
        server = play.send("GET", "/service/rest/v1/status").headers.get("Server", "unknown")
        table = Table(server)
        recipes = repositories_of(document)
        for subject, there in {**recipes, **kinds_of(document)}.items():
            table.expect(subject, there=there)
        Repositories(play, table, {name for name, there in recipes.items() if there}).run()
        Kinds(play, table, document).run()
        return table
