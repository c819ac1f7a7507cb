"""What must be there before an object of the topology."""

from pathlib import Path

from stacks.settings import Settings
from stacks.topology.declarations import declarations
from tests.provider.samples import everything_else

STACKS = Path(__file__).parents[3] / "stacks"


def test_ldap_servers_are_made_one_after_another_in_the_order_of_the_stack_file() -> None:
    given = {"hostname": "nexus.domain.org", "passwords": {"admin": "a"}, "ldap": everything_else()["ldap"]}
    first, second = [made for made in declarations(Settings.of(given, STACKS).topology) if made.section == "ldap"]
    assert [first.name, second.name] == ["directory", "anonymous-directory"]
    assert ("ldap", "directory") in second.needs
    assert not [need for need in first.needs if need[0] == "ldap"]
