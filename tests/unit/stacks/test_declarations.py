"""The objects of a topology, with their names and dependencies."""

from pathlib import Path

import pytest

from nexus.kinds import KINDS
from stacks.settings import Settings
from stacks.topology.declarations import declarations
from stacks.topology.sections import MANY, SECTIONS
from stacks.topology.topology import Topology
from tests.integration.provider.samples import everything_else

STACKS = Path(__file__).parents[3] / "stacks"


def test_every_section_has_a_kind() -> None:
    assert {field.alias for field in Topology.model_fields.values()} == set(SECTIONS)
    assert {kind for kind, row in KINDS.items() if row.is_collection} == set(MANY.values())


def test_ldap_servers_depend_on_each_other_in_the_order_of_the_stack_file() -> None:
    given = {"hostname": "nexus.domain.org", "passwords": {"admin": "a"}, "ldap": everything_else()["ldap"]}
    first, second = [made for made in declarations(Settings.of(given, STACKS).topology) if made.section == "ldap"]
    assert [first.name, second.name] == ["directory", "anonymous-directory"]
    assert ("ldap", "directory") in second.needs
    assert not [need for need in first.needs if need[0] == "ldap"]


def test_a_role_comes_after_the_roles_that_it_names_wherever_they_are_declared() -> None:
    """An export lists roles by name, so a role may name one below it."""
    roles = {"r-a": {"roles": ["r-d", "r-b"]}, "r-b": {"roles": ["r-c"]}, "r-c": {}, "r-d": {"roles": ["r-c"]}}
    given = {"hostname": "nexus.domain.org", "passwords": {"admin": "a"}, "roles": roles}
    found = list(declarations(Settings.of(given, STACKS).topology))
    assert [each.name for each in found] == ["r-c", "r-d", "r-b", "r-a"]
    assert [each.needs for each in found if each.name == "r-b"] == [(("roles", "r-c"),)]


@pytest.mark.parametrize(
    ("section", "body"),
    [
        ("repositories", {"format": "raw", "type": "hosted"}),
        ("roles", {"description": "who is called like the section"}),
        ("contentSelectors", {"expression": 'path =^ "/x"'}),
    ],
)
def test_an_object_can_have_the_name_of_its_section(section: str, body: dict[str, str]) -> None:
    given = {"hostname": "nexus.domain.org", "passwords": {"admin": "a"}, section: {section: body}}
    (made,) = declarations(Settings.of(given, STACKS).topology)
    assert made.key == f"{section}.{section}"
    assert section in KINDS[made.kind].described(made.name, made.body).values()
