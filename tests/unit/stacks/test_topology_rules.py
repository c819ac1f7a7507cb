"""Topologies that would damage Nexus or fail half-way are refused before any change."""

from pathlib import Path
from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from stacks.settings import Settings
from tests.integration.provider.samples import KEY, certificate

STACKS = Path(__file__).parents[3] / "stacks"
RIGHT: dict[str, Any] = {"hostname": "nexus.domain.org", "passwords": {"admin": "a"}}
FILES = {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "default"}}
ON_MEMBER = {**FILES, "storage": {"blobStoreName": "one"}}
GROUP = {"type": "group", "members": ["one"], "fillPolicy": "writeToFirst"}
PEM = certificate()


def deb(keypair: str) -> dict[str, Any]:
    signing = {"apt": {"distribution": "bookworm"}, "aptSigning": {"keypair": keypair, "passphrase": "secret"}}
    return {"debian": {**FILES, "format": "apt", **signing}}


def topology(**keys: Any) -> Settings:
    return Settings.of({**RIGHT, **keys}, STACKS)


ACCEPTED: dict[str, dict[str, Any]] = {
    "names that differ in more": {"repositories": {"files": FILES, "files2": FILES}, "blobStores": {"one": {}}},
    "a store of a group, and one of none": {
        "blobStores": {"one": {}, "two": {}, "both": GROUP},
        "repositories": {"files": {**FILES, "storage": {"blobStoreName": "both"}}, "more": FILES},
    },
    "roles in roles": {"roles": {"a": {"roles": ["b", "nx-anonymous"]}, "b": {"roles": ["c"]}, "c": {}}},
    "every word of an expression": {
        "contentSelectors": {
            "a": {"expression": 'format == "raw" and path =~ "^/coordinate/.*"'},
            "b": {"expression": "(format == 'maven2' || format != 'group') && path =^ '/org/'"},
        }
    },
    "a key": {"repositories": deb(KEY)},
    "a key after a blank line": {"repositories": deb("\n" + KEY)},
    "a certificate": {"truststore": {"a": {"pem": PEM}}},
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "repositories in other letters": (
        {"repositories": {"Files": FILES, "files": FILES}},
        "repositories.files: differs from 'Files' only in capital letters",
    ),
    "a shipped repository in other letters": (
        {"repositories": {"Maven-Central": FILES}},
        "repositories.Maven-Central: differs from 'maven-central'",
    ),
    "blob stores in other letters": ({"blobStores": {"one": {}, "One": {"path": "x"}}}, "blobStores.One"),
    "the shipped blob store in other letters": ({"blobStores": {"Default": {"path": "x"}}}, "blobStores.Default"),
    "a certificate twice": (
        {"truststore": {"a": {"pem": PEM}, "b": {"pem": PEM.replace("\n", "\n\n")}}},
        "truststore.b.pem: the same certificate as 'a'",
    ),
    "a member in two groups": (
        {"blobStores": {"one": {}, "g": GROUP, "h": GROUP}},
        "blobStores.h.members: 'one' is already a member of 'g'",
    ),
    "a group in a group": (
        {"blobStores": {"one": {}, "g": GROUP, "h": {**GROUP, "members": ["g"]}}},
        "blobStores.h.members: 'g' is a group itself",
    ),
    "content on a member": (
        {"blobStores": {"one": {}, "g": GROUP}, "repositories": {"files": ON_MEMBER}},
        "repositories.files.storage.blobStoreName: this blob store is a member of the group 'g'",
    ),
    "a role in itself": ({"roles": {"a": {"roles": ["a"]}}}, "roles.a.roles: 'a' is 'a' or contains it"),
    "a role in itself through others": (
        {"roles": {"a": {"roles": ["b"]}, "b": {"roles": ["c"]}, "c": {"roles": ["a"]}}},
        "roles.b.roles: 'c' is 'b' or contains it",
    ),
    "a role of Nexus's own": ({"roles": {"nx-anonymous": {}}}, "roles.nx-anonymous: a built-in role of Nexus"),
    "an expression about coordinates": (
        {"contentSelectors": {"a": {"expression": 'path =^ "/x" and coordinate.groupId == "org"'}}},
        "uses 'coordinate.groupId', but Nexus knows only format and path",
    ),
    "a public key": (
        {"repositories": deb("-----BEGIN PGP PUBLIC KEY BLOCK-----")},
        "an armored private key, as gpg --armor --export-secret-keys prints it",
    ),
}


@pytest.mark.parametrize("which", ACCEPTED)
def test_a_correct_topology_is_accepted(which: str) -> None:
    topology(**ACCEPTED[which])


@pytest.mark.parametrize("which", REFUSED)
def test_a_wrong_topology_is_refused_in_one_line(which: str) -> None:
    keys, expected = REFUSED[which]
    with pytest.raises(Refusal) as caught:
        topology(**keys)
    (line,) = [line for line in str(caught.value).splitlines() if expected in line]
    assert "allowed " in line
    assert ". Fix: " in line
    assert "BLOCK" not in line
