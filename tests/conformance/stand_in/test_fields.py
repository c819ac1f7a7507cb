"""The server stores and returns every field of the published request models, for every format and type."""

import inspect
from typing import Any

import nexus_api_client
import pytest
from pydantic import BaseModel

from tests.conformance.contract.bodies import RECIPES, repository
from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.examples import bare, example
from tests.conformance.stand_in.published_client import PublishedClient

API = "RepositoryManagementApi"
NEVER_SHOWN = {
    "password",
    "bearerToken",
    "passphrase",
    "secretAccessKey",
    "sessionToken",
    "preemptive",  # for maven only
    "latestPolicy",  # like servers since 3.84
    "writePolicy",  # for proxies and groups
}


def models(recipe: str) -> tuple[type[BaseModel], type[BaseModel]]:
    """The models of request and answer."""
    fmt, kind = recipe.split("/")
    api = nexus_api_client.RepositoryManagementApi
    create = inspect.signature(getattr(api, f"create_{fmt}_{kind}_repository"))
    show = inspect.signature(getattr(api, f"get_{fmt}_{kind}_repository"))
    return bare(list(create.parameters.values())[1].annotation), bare(show.return_annotation)


def lost(sent: Any, shown: Any, where: str = "") -> list[str]:
    """The sent fields that are missing in the answer."""
    if not isinstance(sent, dict):
        return [] if sent == shown else [f"{where}: {sent!r} became {shown!r}"]
    found = []
    for name, value in sent.items():
        if name not in NEVER_SHOWN:
            found += lost(value, (shown or {}).get(name), f"{where}.{name}")
    return found


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_field_is_returned(server: Server, recipe: str) -> None:
    client = PublishedClient(server)
    fmt, kind = recipe.split("/")
    request, shown = models(recipe)
    name = f"full-{fmt}-{kind}"
    members = (f"full-{fmt}-member",) if kind == "group" else ()
    given: dict[str, Any] = {"name": name, "format": fmt, "type": kind, "url": f"{server.url}/repository/{name}"}
    if members:
        client.call(API, f"create_{fmt}_hosted_repository", repository(f"{fmt}/hosted", members[0]))
        given["group"] = {"memberNames": list(members)}
    body = example(request, given)
    answer = server.rest("POST", f"repositories/{recipe}", json=body)
    assert answer.status_code == 201, (answer.text, body)
    client.call(API, f"get_{fmt}_{kind}_repository", name)
    back = server.rest("GET", f"repositories/{recipe}/{name}").json()
    fields = {field.alias or name for name, field in shown.model_fields.items()}
    assert lost({part: value for part, value in body.items() if part in fields}, back) == []
    assert set(back) <= fields | {"routingRuleName"}, "the model of the answer does not have all of these"
