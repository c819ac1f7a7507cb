"""A preview lists the changes of an `up` with their properties, and shows no secret."""

import json
from typing import Any

from cli.events.changes import as_values
from cli.events.event import Violation
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
        "    online: false on the server (changed by hand), up sets true",
        "create Repository lost (it is gone from the server)",
    ]


def drift(applied: Any, found: Any, wanted: Any, **properties: Any) -> list[str]:
    """The lines of fields when `found` is on the server, `applied` was the last one and `wanted` is declared."""
    before = {"inputs": {"memory": 1, **applied}, "outputs": applied}
    there = {"inputs": {"memory": 1, **found}, "outputs": found}
    return lines(event("refresh", NGINX, before, there), event("update", NGINX, there, state(**wanted)))[1:]


def test_a_drifted_field_says_what_is_there_and_what_up_sets() -> None:
    assert drift({"tmpfs": 1}, {"tmpfs": 2}, {"memory": 1, "tmpfs": 3}) == [
        "    tmpfs: 2 on the server (changed by hand), up sets 3"
    ]
    roles = [{"roles": names} for names in (["a", "b"], ["b", "nx-admin"], ["a", "b"])]
    assert (
        drift(*roles)[0] == '    roles: also nx-admin and without a on the server (changed by hand), up sets ["a", "b"]'
    )
    hidden = [{"password": text} for text in "aba"]
    assert drift(*hidden)[0] == "    password: another secret on the server (changed by hand), up sets the declared one"


def test_nothing_is_said_about_what_up_does_with_a_field_that_the_program_leaves_open() -> None:
    assert drift({"tmpfs": 1}, {"tmpfs": 2}, {"memory": 1})[0] == "    tmpfs: 2 on the server (changed by hand)"


def test_helpers_are_named_by_what_they_are_or_not_at_all() -> None:
    topology = f"{URN}repository-store:components:RepositoryTopology$"
    files = f"{topology}command:local:Command::tools-files"
    listed = f"{topology}pulumi-python:dynamic/nexus:HostedRepositories::hosted-repositories"
    load = f"{URN}repository-store:components:NginxProxy$command:local:Command::nginx-load"
    objects = [
        event("create", f"{topology}pulumi-python:dynamic/nexus:{kind}::{name}", None, state())
        for kind, name in (("BlobStore", "blob-store-tools"), ("Role", "role-b"), ("Role", "role-a"), ("Eula", "eula"))
    ]
    declared = event(
        "update", listed, state(body={"declared": "{}"}), state(body={"declared": '{"blobStore/file": []}'})
    )
    made = event("create", files, None, state())
    loaded = event("update", load, state(stdin="a"), state(stdin="b"))
    assert lines(*objects, declared, made, loaded) == [
        "create BlobStore tools",
        "create Role a, b",
        "create Eula",
        "update configuration of nginx",
        "    stdin: a -> b",
    ]
    assert lines(declared) == ["update list of what the stack declares"]
    assert lines(event("delete", files, state(), None)) == ["delete files of the blob store tools"]


def test_a_new_ca_is_announced_but_not_the_temporary_certificate_of_acme() -> None:
    authority = f"{URN}repository-store:components:TlsKeyPair$tls:index/selfSignedCert:SelfSignedCert::ca"
    names = [state(subject={"commonName": f"{name} CA"}) for name in ("old.domain.org", "new.domain.org")]
    replaced = lines(event("replace", authority, *names))
    assert replaced[:2] == [
        "replace certificate authority ca",
        "    every client needs the new CA (docs/ca-rotation.md)",
    ]
    temporary = authority.replace("TlsKeyPair", "TemporaryCertificate").removesuffix("ca") + "temporary-certificate"
    assert not [line for line in lines(event("replace", temporary, *names)) if "client" in line]


def test_a_default_of_another_docker_plugin_is_nobodys_change() -> None:
    """The plugin of lab/toolchain has no start interval, and the published one (5.2.0) reads `0s`."""
    check = {"interval": "10s"}
    applied = {"inputs": {"healthcheck": check, "memory": 64}, "outputs": {"healthcheck": check, "memory": 64}}
    found = {**applied, "outputs": {"healthcheck": {**check, "startInterval": "0s"}, "memory": 64}}
    wanted = state(healthcheck=check, memory=80)
    assert lines(event("refresh", NGINX, applied, found), event("update", NGINX, found, wanted)) == [
        "update container nginx",
        "    healthcheck.startInterval: 0s, a default of the docker plugin, which is another one than at the last up",
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


def test_a_preview_as_values_has_no_secret_and_says_what_was_changed_by_hand() -> None:
    there = {"inputs": {"body": {"online": True}}, "outputs": {"body": {"online": False}}}
    secrets = [state(body={"token": SECRET, "password": text, "size": size}) for text, size in (("one", 1), ("two", 2))]
    events = "\n".join(
        [
            event("refresh", f"{REPOSITORY}files", state(body={"online": True}), there),
            event("update", f"{REPOSITORY}files", there, state(body={"online": True})),
            event("update", f"{REPOSITORY}b", *secrets),
            event("create", f"{URN}pulumi-python:dynamic/nexus:BlobStore::blob-store-tools", None, state(name="tools")),
            event("delete", f"{REPOSITORY}gone", state(name="gone"), None),
        ]
    )
    found = as_values(events, [Violation("https-only", f"{REPOSITORY}files", "Not so.", True)])
    assert json.loads(json.dumps(found)) == {
        "changes": [
            {"operation": "delete", "kind": "Repository", "name": "gone", "isGone": False, "fields": []},
            {
                "operation": "update",
                "kind": "Repository",
                "name": "b",
                "isGone": False,
                "fields": [
                    {"path": "password", "isDrift": False, "isSecret": True, "before": "[secret]", "after": "[secret]"},
                    {"path": "size", "isDrift": False, "isSecret": False, "before": 1, "after": 2},
                ],
            },
            {
                "operation": "update",
                "kind": "Repository",
                "name": "files",
                "isGone": False,
                "fields": [
                    {
                        "path": "online",
                        "isDrift": True,
                        "isSecret": False,
                        "before": True,
                        "found": False,
                        "after": True,
                    }
                ],
            },
            {"operation": "create", "kind": "BlobStore", "name": "tools", "isGone": False, "fields": []},
        ],
        "violations": [
            {"policy": "https-only", "mandatory": True, "resource": "Repository files", "message": "Not so."}
        ],
    }


def role(name: str, **more: Any) -> dict[str, Any]:
    return state(kind="role", name=name, body={"description": "ours", "privileges": []}, **more)


def test_adopted_objects_are_not_created_and_say_what_up_changes() -> None:
    urn = f"{URN}pulumi-python:dynamic/nexus:Role::role-"
    events = [
        event("create", f"{urn}b", None, role("b", adopted=True)),
        event("create", f"{urn}a", None, role("a", adopted=True)),
        event("create", f"{urn}c", None, role("c", adopted=True, differing='{"description": "theirs"}')),
        event("create", f"{urn}new", None, role("new", adopted=False)),
        event("refresh", f"{urn}lost", role("lost", adopted=True), None),
        event("create", f"{urn}lost", None, role("lost", adopted=True)),
    ]
    assert lines(*events) == [
        "adopt Role a, b",
        "create Role new",
        "adopt Role c",
        "    description: theirs -> ours",
        "create Role lost (it is gone from the server)",
    ]
    changes = {each["name"]: each for each in as_values("\n".join(events), [])["changes"]}
    assert [changes[name]["operation"] for name in ("a", "c", "new", "lost")] == ["adopt", "adopt", "create", "create"]
    assert changes["a"]["fields"] == []
    assert changes["c"]["fields"] == [
        {"path": "description", "isDrift": False, "isSecret": False, "before": "theirs", "after": "ours"}
    ]


def test_objects_that_stay_on_the_server_are_not_deleted() -> None:
    urn = f"{URN}pulumi-python:dynamic/nexus:Role::role-"
    events = [
        event("delete", f"{urn}a", role("a", adopted=True)),
        event("delete", f"{urn}b", role("b", onDelete="keep")),
        event("delete", f"{urn}c", role("c", adopted=True, onDelete="delete")),
    ]
    assert lines(*events) == ["stop managing Role a, b (on the server they stay)", "delete Role c"]
    found = as_values("\n".join(events), [])["changes"]
    assert [(each["operation"], each["name"]) for each in found] == [
        ("delete", "c"),
        ("release", "a"),
        ("release", "b"),
    ]
