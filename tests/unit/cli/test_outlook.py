"""A preview lists the changes of an `up` with their properties, and shows no secret."""

import json
from typing import Any

from cli.events.outlook import outlook

URN = "urn:pulumi:local::repository-store::"
REPOSITORY = f"{URN}pulumi-python:dynamic/nexus:Repository::"
NGINX = f"{URN}repository-store:components:NginxProxy$docker:index/container:Container::nginx"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "the-secret"}


def state(**inputs: Any) -> dict[str, Any]:
    return {"inputs": inputs, "outputs": inputs}


def event(operation: str, urn: str, old: Any = None, new: Any = None) -> str:
    kind = urn.split("::")[2].split("$")[-1]
    return json.dumps(
        {
            "sequence": 1,
            "resourcePreEvent": {"metadata": {"op": operation, "urn": urn, "type": kind, "old": old, "new": new}},
        }
    )


def lines(*events: str) -> list[str]:
    return list(outlook("\n".join(events)))


def test_new_resources_of_a_kind_are_one_line_and_components_are_omitted() -> None:
    assert lines(
        event("create", f"{URN}pulumi:pulumi:Stack::repository-store-local", None, state()),
        event("create", NGINX, None, state(memory="256m")),
        event("create", f"{REPOSITORY}files", None, state(name="files")),
        event("create", f"{REPOSITORY}more", None, state(name="more")),
        event("same", f"{REPOSITORY}old", state(name="old"), state(name="old")),
    ) == ["create container nginx", "create Repository files, more"]


def test_a_change_has_its_properties_with_old_and_new_value() -> None:
    before, after = state(body={"online": True, "token": SECRET}), state(body={"online": False, "token": SECRET})
    assert lines(event("update", f"{REPOSITORY}files", before, after)) == [
        "update Repository files",
        "    online: true -> false",
    ]


def test_a_replacement_is_shown_once_and_deletions_come_first() -> None:
    before, after = state(image="nginx:1"), state(image="nginx:2")
    replacing = [event(step, NGINX, before, after) for step in ("create-replacement", "replace", "delete-replaced")]
    assert lines(*replacing, event("delete", f"{REPOSITORY}gone", state(name="gone"))) == [
        "delete Repository gone",
        "replace container nginx",
        "    image: nginx:1 -> nginx:2",
    ]


def test_drift_is_distinguished_from_changes_of_the_stack_file() -> None:
    applied, found = (
        state(body={"online": True}),
        {"inputs": {"body": {"online": True}}, "outputs": {"body": {"online": False}}},
    )
    changed = lines(
        event("refresh", f"{REPOSITORY}files", applied, found),
        event("update", f"{REPOSITORY}files", found, applied),
        event("refresh", f"{REPOSITORY}lost", state(name="lost"), None),
        event("create", f"{REPOSITORY}lost", None, state(name="lost")),
    )
    assert changed == [
        "update Repository files",
        "    online: true -> false, which somebody changed",
        "create Repository lost (somebody removed it)",
    ]


def test_a_default_of_another_docker_plugin_is_nobodys_change() -> None:
    """The plugin of lab/toolchain has no start interval, and the published one (5.2.0) reads `0s`."""
    check = {"interval": "10s"}
    applied = {"inputs": {"healthcheck": check, "memory": 64}, "outputs": {"healthcheck": check, "memory": 64}}
    found = {**applied, "outputs": {"healthcheck": {**check, "startInterval": "0s"}, "memory": 64}}
    wanted = state(healthcheck=check, memory=80)
    assert lines(event("refresh", NGINX, applied, found), event("update", NGINX, found, wanted)) == [
        "update container nginx",
        "    healthcheck.startInterval: (not set) -> 0s, a default of the docker plugin, "
        "which is another one than at the last up",
        "    memory: 64 -> 80",
    ]


def test_secrets_and_control_characters_are_not_shown() -> None:
    other = {**SECRET, "ciphertext": "another-secret"}
    shown = lines(
        event("update", f"{REPOSITORY}a\x1b[2K", state(body={"password": "one"}), state(body={"password": "two"})),
        event("update", f"{REPOSITORY}b", state(body={"key": SECRET}), state(body={"key": other})),
        event("create", f"{REPOSITORY}c\x1b[2K", None, state()),
    )
    assert not [line for line in shown if "\x1b" in line or "secret" in line.replace(": a secret", "")]
    assert "    password: a secret" in shown


def test_of_many_properties_the_first_are_shown() -> None:
    before, after = ({f"key{number:02}": value for number in range(30)} for value in (1, 2))
    shown = lines(event("update", NGINX, state(**before), state(**after)))
    assert shown[-1] == "    and 20 more: --verbose shows them"
    assert len(shown) == 12
