"""Each generation has exactly the operations and fields of its published API."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.contract.bodies import RECIPES, repository
from tests.conformance.contract.stand_in import Server, running
from tests.conformance.stand_in import published_api
from tests.conformance.stand_in.conformance import BEYOND
from tests.conformance.stand_in.examples import example_of
from tests.conformance.stand_in.facts import load
from tests.conformance.stand_in.not_played import UNDOCUMENTED, lines, nameless, not_played
from tests.conformance.stand_in.test_fields import lost
from tests.support.versions import NEWEST, NEWEST_RELEASE

VERSIONS = {
    "3.77": "Nexus/3.77.0-08 (CORE)",
    "3.90": "Nexus/3.90.3-01 (PRO)",
    NEWEST: f"Nexus/{NEWEST_RELEASE}-01 (PRO)",
}

# Paths that are also that of an object of another operation, which finds none of that name.
ALSO_A_NAME = ("GET /v1/security/ldap/templates", "GET /v1/plan/summary")


def published(generation: str) -> set[str]:
    known = published_api.operations() if generation == NEWEST else load(generation)["operations"]
    return {nameless(operation) for operation in known}


def played(server: Server) -> set[str]:
    paths = server.admin("GET", "/service/rest/swagger.json").json()["paths"]
    return {nameless(f"{method.upper()} {path}") for path, methods in paths.items() for method in methods}


def test_each_generation_has_its_operations(of_generation: Server) -> None:
    generation = of_generation.generation
    here, there = played(of_generation), published(generation)
    listed = set(not_played())
    assert there - here - listed == set(), "operations that neither answer nor are listed in notplayed.txt"
    assert listed & here == set(), "operations that answer: remove them from notplayed.txt"
    more = here - there - lines(UNDOCUMENTED)
    beyond = BEYOND.get(generation, re.compile("(?!)"))
    assert {operation for operation in more if not beyond.match(operation.split()[1])} == set()


def test_what_is_not_played_is_answered_with_the_reason(of_generation: Server) -> None:
    generation = of_generation.generation
    for operation, (release, reason) in not_played().items():
        if operation in ALSO_A_NAME:
            continue
        method, path = operation.replace("{}", "x").split()
        answer = of_generation.admin(method, f"/service/rest{path}")
        if released(generation) < released(release):
            assert answer.status_code in (404, 405), operation
        else:
            assert answer.status_code == 501, operation
            assert reason in answer.json()["message"]
            assert operation in published(generation) or generation == "3.77"


def released(version: str) -> int:
    return int(version.split(".")[1])


def test_each_generation_has_its_server_header(of_generation: Server) -> None:
    answer = of_generation.rest("GET", "status")
    assert answer.headers["Server"] == VERSIONS[of_generation.generation]
    assert "X-Stand-In" in answer.headers


def test_licensed_cleanup_policies_need_a_licence(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST) as community:
        assert community.rest("GET", "cleanup-policies").status_code == 404
        assert community.admin("GET", "/service/rest/internal/cleanup-policies").json() == []


def fields_of_old_generations() -> list[tuple[str, str]]:
    found = []
    for generation in ("3.77", "3.90"):
        operations = load(generation)["operations"]
        found += [(generation, recipe) for recipe in RECIPES if f"POST /v1/repositories/{recipe}" in operations]
    return found


@pytest.fixture(scope="module")
def servers(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    with (
        running(program, tmp_path_factory.mktemp("older"), "3.77") as older,
        running(program, tmp_path_factory.mktemp("old"), "3.90") as old,
    ):
        yield {"3.77": older, "3.90": old}


@pytest.mark.parametrize(("generation", "recipe"), fields_of_old_generations())
def test_every_field_of_an_old_generation_is_returned(servers: dict[str, Server], generation: str, recipe: str) -> None:
    server, facts = servers[generation], load(generation)
    fmt, kind = recipe.split("/")
    operations, definitions = facts["operations"], facts["definitions"]
    name = f"full-{fmt}-{kind}"
    given: dict[str, Any] = {"name": name, "format": fmt, "type": kind, "url": f"{server.url}/repository/{name}"}
    if kind == "group":
        given["group"] = {"memberNames": [f"full-{fmt}-member"]}
        of = "hosted" if f"POST /v1/repositories/{fmt}/hosted" in operations else "proxy"
        member = repository(f"{fmt}/{of}", f"full-{fmt}-member")
        assert server.rest("POST", f"repositories/{fmt}/{of}", json=member).status_code == 201
    body = example_of(operations[f"POST /v1/repositories/{recipe}"]["takes"], definitions, given)
    assert server.rest("POST", f"repositories/{recipe}", json=body).status_code == 201, body
    back = server.rest("GET", f"repositories/{recipe}/{given['name']}").json()
    shown = operations[f"GET /v1/repositories/{recipe}/{{repositoryName}}"].get("200", "")
    assert lost({name: value for name, value in body.items() if name in definitions[shown]}, back) == []
    known = definitions[shown].keys() | BEYOND_THE_ANSWER
    assert set(back) <= known, "fields that this generation does not have"


# The recorded server returns these although not every definition in its document has them.
BEYOND_THE_ANSWER = {"raw", "format", "type", "url", "routingRuleName", "cleanup", "component"}


@pytest.mark.parametrize(
    ("generation", "online", "size", "schedule"),
    [("3.77", False, False, False), ("3.90", False, False, False), (NEWEST, True, True, True)],
)
def test_lists_have_the_fields_of_their_generation(
    program: Path, tmp_path: Path, generation: str, online: bool, size: bool, schedule: bool
) -> None:
    with running(program, tmp_path, generation) as server:
        repositories = server.rest("GET", "repositories").json()
        assert ("online" in repositories[0], "size" in repositories[0]) == (online, size)
        assert ("schedule" in server.rest("GET", "tasks").json()["items"][0]) == schedule
