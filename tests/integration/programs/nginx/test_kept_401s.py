"""However many 401s nginx could keep, it keeps a bounded number, and answers the other requests."""

from concurrent.futures import ThreadPoolExecutor

from stacks.layout import TMP_MIB, TMP_RESERVE_MIB
from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.sending import Serve
from tests.integration.programs.nginx.server import Answer, Echo
from tests.support.vanishing import files_below
from tests.unit.nginx.rendering import configuration

LARGE = b"x" * 2000


def test_their_number_is_limited_when_they_are_stored(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = lambda request: Answer(401, {}, b"x" * 999)
    nginx = serve()
    connection = nginx.connection()
    for number in range(1500):
        name = f"{number:0900}" if number % 2 else str(number)
        assert nginx.ask("GET", f"/repository/maven-public/{name}", over=connection).status == 401
    kept = [path.stat() for path in files_below(nginx.folder / "anonymous")]
    assert 300 < len(kept) < 1000
    assert sum(each.st_blocks * 512 for each in kept) <= (TMP_MIB - TMP_RESERVE_MIB) << 20


def test_large_names_and_answers_are_not_kept(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = lambda request: Answer(401, {}, LARGE if "large" in request.path else b"")
    nginx = serve()
    for path in ("/repository/maven-public/large", f"/repository/maven-public/{'x' * 1000}"):
        assert [nginx.ask("GET", path).status for _ in range(3)] == [401] * 3
    assert nginx.ask("GET", "/repository/maven-public/a", Accept="y" * 1000).status == 401
    assert not list(files_below(nginx.folder / "anonymous"))
    assert len(nexus[GUI].requests) == 7


def test_while_all_entries_are_in_use_others_are_answered_without_one(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = lambda request: Answer(401, {}, b"", delay_seconds=2)
    nginx = serve()
    nginx.load(configuration().text.replace("keys_zone=anonymous:128k", "keys_zone=anonymous:32k"), nexus)
    with ThreadPoolExecutor(300) as pool:
        paths = [f"/repository/maven-public/{number}" for number in range(300)]
        found = list(pool.map(lambda path: nginx.ask("GET", path).status, paths))
    assert set(found) == {401}
    assert "could not allocate node" in (nginx.folder / "error.log").read_text()
