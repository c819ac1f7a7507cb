"""A server that was there before is taken over by its export: nothing changes, all drift is shown, and nothing goes."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from nexus import model, schema
from nexus.kinds.base import STRICT
from nexus.schema.merging import merged
from stacks.topology.sections import MANY
from tests.conformance.acceptance.asking import Asking, State
from tests.conformance.acceptance.drift import Drifting, difference
from tests.conformance.acceptance.pulumi import run
from tests.conformance.acceptance.subjects import Subject, subjects
from tests.integration.provider.licensed import OPTIONS, licensed
from tests.integration.provider.play import ADMIN, FIRST, Play
from tests.integration.provider.samples import combinations, everything_else, repositories
from tests.integration.provider.test_exports import exports
from tests.support.versions import NEWEST

REFUSED = {"cleanupPolicy": ["criteriaAssetRegex"]}
"""Fields that the server refuses by hand: an expression needs a policy for one format."""
REPOSITORIES = "/service/rest/v1/repositories/"
UNCHANGEABLE = {"truststore", "ldapOrder"}


def foreign() -> dict[str, Any]:
    """A sample of every kind, and what is found on servers that people have made by hand."""
    wanted = merged(everything_else(), licensed())
    recipes = {f"{format_}/{type_}" for format_, type_ in combinations()}
    wanted["repositories"] |= repositories(recipes)
    wanted["repositories"]["off"] = {"format": "raw", "type": "hosted", "online": False}
    wanted["routingRules"]["only.ours"] = {"matchers": ["^/org/.*"], "mode": "ALLOW"}
    wanted["roles"] |= {
        "a-nested.role": {"roles": ["r-dev"], "privileges": []},
        "r-dev": {"name": "Developers", "privileges": ["nx-search-read"], "roles": ["reader"]},
    }
    wanted["users"]["carl.old"] = {"firstName": "C", "lastName": "O", "emailAddress": "c@x.test", "roles": ["r-dev"]}
    wanted["passwords"]["carl.old"] = "the-carl-password"
    compact = {"type": "blobstore.compact", "properties": {"blobstoreName": "releases"}}
    wanted["tasks"] |= {
        "daily": {**compact, "frequency": {"schedule": "daily", "startDate": "2027-01-31T02:00+01:00"}},
        "weekly": {
            **compact,
            "enabled": False,
            "frequency": {"schedule": "weekly", "startDate": "2027-01-31T00:30+01:00", "recurringDays": [1, 4]},
        },
        "by cron": {
            **compact,
            "frequency": {"schedule": "cron", "cronExpression": "0 0 2 * * ?", "timeZoneOffset": "+01:00"},
        },
    }
    return wanted


@pytest.fixture(scope="module")
def seeded(playing: Callable[..., Play]) -> Iterator[Play]:
    """A server that another stack has filled and left."""
    with playing(NEWEST, *OPTIONS) as play:
        play.attaches = play.external = True
        play.change_password(FIRST, ADMIN)
        own = play.wanted
        play.wanted = own | foreign()
        play.up()
        play.store("sample-hosted/a.txt", b"content")
        play.pulumi("stack", "rm", "--force", "--yes", "test")
        play.pulumi("stack", "init", "test")
        play.wanted = own
        yield play


@pytest.fixture(scope="module")
def asking(seeded: Play) -> Asking:
    return Asking(seeded, seeded.ask("GET", "/swagger.json").json())


def exported(play: Play) -> dict[str, Any]:
    """The stack file that the export makes, with the secrets that it asks for."""
    found: dict[str, Any] = yaml.safe_load(exports(play, "export", play.environment["NEXUS_URL"]))
    given = foreign()
    for one in subjects({**play.wanted, **given}):
        section, name = one.need
        paths = schema.secret_paths(one.label) if schema.known(one.label) else ()
        if section in MANY and name in found.get(section, {}):
            found[section][name] = model.restore_paths(found[section][name], given[section][name], paths)
        elif section in found and section not in MANY:
            found[section] = model.restore_paths(found[section], given[section], paths)
    return found | {key: given[key] for key in ("realms", "anonymousAccess")}


def by_hand(play: Play) -> dict[str, Any]:
    """A stack file that declares what somebody finds worth naming, and leaves out all other fields."""
    found = foreign()
    strict = {section: {name: {"adopt": STRICT} for name in found[section]} for section in MANY if section in found}
    return dict(model.deep_merge(found, strict))


def different(before: State, after: State, declared: list[Subject]) -> dict[str, str]:
    found = {one.declaration.key: difference(one, before[key], after[key]) for key, one in keyed(declared).items()}
    return {key: text for key, text in found.items() if text}


def keyed(declared: list[Subject]) -> dict[str, Subject]:
    return {one.declaration.key: one for one in declared}


@pytest.mark.parametrize("stack_file", [exported, by_hand])
def test_all_of_a_server_is_taken_over_watched_and_left(
    seeded: Play, asking: Asking, stack_file: Callable[[Play], dict[str, Any]]
) -> None:
    own = seeded.wanted
    seeded.wanted = own | stack_file(seeded) | {"passwords": {**foreign()["passwords"], "admin": ADMIN}}
    declared = subjects(seeded.wanted)

    def state() -> State:
        return {key: asking.live(one) for key, one in keyed(declared).items()}

    before = state()
    seeded.counted()
    seeded.up()
    sent = seeded.counted()
    assert not [line for line in sent if line.startswith(("POST", "DELETE"))]
    asked = Counter(line.removeprefix("GET ") for line in sent if line.startswith(f"GET {REPOSITORIES}"))
    assert {times for path, times in asked.items() if f"PUT {path}" not in sent} == {1}
    assert state() == before
    assert "unchanged" in seeded.preview("--refresh", "--expect-no-changes")

    drifting = Drifting(seeded, asking, declared)
    drifting.run()
    assert {one.declaration.key: each.faults for one, each in drifting.found.items() if each.faults} == {}
    assert {one.label: each.refused for one, each in drifting.found.items() if each.refused} == REFUSED
    assert {one.label for one, each in drifting.found.items() if not each.repaired} == UNCHANGEABLE
    fields = sum(len(each.repaired) for each in drifting.found.values())
    print(f"{fields} fields of {len(declared)} objects were changed by hand, shown and repaired")
    assert fields > 900
    assert different(before, state(), declared) == {}

    changed = {one: each.repaired[0] for one, each in drifting.found.items() if each.repaired}
    for one in changed:
        assert drifting.drift(one)
    shown = run(seeded, "preview", "--refresh").operations
    assert {one.key: shown[one.key].word for one in changed} == {one.key: "update" for one in changed}
    seeded.up("--refresh")
    assert different(before, state(), declared) == {}

    seeded.destroy()
    assert different(before, state(), declared) == {}
    assert seeded.send("GET", "/repository/sample-hosted/a.txt").content == b"content"
    seeded.wanted = own
