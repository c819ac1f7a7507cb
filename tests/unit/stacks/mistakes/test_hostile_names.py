"""Names that a shell or Pulumi's paths would take apart: the commands in messages still name the object.

The paths are read as ParsePropertyPath of Pulumi's SDK reads them; the real CLI runs such commands in
tests/integration/provider/test_plain_pulumi.py.
"""

import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from nexus import advice
from tests.unit.stacks.mistakes.refused import refused

HOSTILE = ["carl.old", "o'brien", 'a"b', "$(reboot)", "two words", "x;y", "[0]", "*", "ünï", "1st", r"back\slash"]
USER = {"firstName": "C", "lastName": "O", "emailAddress": "c@domain.org", "roles": ["nx-anonymous"]}

Wrong = tuple[Callable[[str], dict[str, Any]], Callable[[str], list[str | int]]]
"""The stack file for a name, and the path that its refusal gives a command for."""


def parsed(path: str) -> list[str | int]:
    """The keys and indices of a path."""
    found: list[str | int] = []
    while path:
        part = re.match(r'\["((?:\\"|[^"])*)"\]|\[(\d+)\]|\.?([^.\[]+)', path)
        assert part, path
        quoted, index, plain = part.groups()
        found.append(int(index) if index else plain or quoted.replace('\\"', '"'))
        path = path[part.end() :]
    return found


def paths(text: str) -> list[list[str | int]]:
    """The paths of the commands in a refusal."""
    found = re.findall(r"pulumi config (?:set|rm) (?:--secret )?--path (.*)$", text, re.MULTILINE)
    return [parsed(shlex.split(rest)[0]) for rest in found]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_path_leads_to_the_name_itself(name: str) -> None:
    assert parsed(advice.key_at("users", name, "roles", 0)) == ["users", name, "roles", 0]


WRONG: dict[str, Wrong] = {
    "password of a user": (lambda name: {"users": {name: USER}}, lambda name: ["passwords", name]),
    "field of a user": (lambda name: {"users": {name: {**USER, "status": 1}}}, lambda name: ["users", name, "status"]),
    "list of a role": (lambda name: {"roles": {name: {"pull": 1}}}, lambda name: ["roles", name, "pull", 0]),
    "type of a blob store": (
        lambda name: {"blobStores": {name: {"type": 1}}},
        lambda name: ["blobStores", name, "type"],
    ),
    "port of a repository": (
        lambda name: {"nginx": {"routing": "ports", "dockerPorts": {name: 5001}}},
        lambda name: ["nginx", "dockerPorts", name],
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("wrong", WRONG)
def test_the_command_names_the_object(name: str, wrong: str) -> None:
    changes, path = WRONG[wrong]
    text = str(refused(changes(name)))
    assert path(name) in paths(text), text


def test_the_command_names_the_user_with_whom_a_client_logs_in() -> None:
    text = str(refused({"clients": {"node": {"login": {"user": "carl.old"}}}}))
    assert ["passwords", "carl.old"] in paths(text), text


@pytest.mark.parametrize("name", [*HOSTILE, "-rf"])
def test_a_value_of_a_list_is_the_name_itself(name: str) -> None:
    *command, value = shlex.split(advice.entry(advice.ALLOW_DATA_LOSS, 2, name))
    assert command == ["pulumi", "config", "set", "--path", "allowDataLoss[2]", *(["--"] if name == "-rf" else [])]
    assert value == name
