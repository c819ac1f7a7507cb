"""./store adopt makes the stack of a Nexus that is there, with three commands and without a change on the server.

Pulumi and the provider are real. Nexus is the stand-in, which has every kind, and is reached over TLS with a CA that
this machine does not know. Its server sends the CA in its chain, as nginx and Nexus do if it is in their file.
"""

import hashlib
import json
import re
import shlex
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.checkout import Checkout
from tests.integration.provider.play import Play
from tests.integration.provider.samples import everything_else

DOTTED = "carl.old"
SEEDED: dict[str, Any] = {
    "repositories": {
        "lab.inner": {"format": "raw", "type": "hosted"},
        "a-group": {"format": "raw", "type": "group", "group": {"memberNames": ["lab.inner", "sample-proxy"]}},
        "outer": {"format": "raw", "type": "group", "group": {"memberNames": ["a-group", "sample-hosted"]}},
    },
    "roles": {
        "a-team": {"roles": ["z.leads"], "privileges": ["nx-search-read"]},
        "z.leads": {"roles": ["reader"], "privileges": ["nx-users-all", "nx-repository-view-*-*-*"]},
    },
    "users": {
        DOTTED: {"firstName": "Carl", "lastName": "Old", "emailAddress": "carl@provider.test", "roles": ["a-team"]}
    },
}
READ_ONLY = ("GET ", "HEAD ")


def fingerprint(play: Play) -> str:
    der = ssl.PEM_cert_to_DER_cert((play.folder / "ca.pem").read_text())
    return hashlib.sha256(der).hexdigest()


def on_server(play: Play) -> dict[str, Any]:
    """What the server has, by the path of its listing."""
    paths = (
        "repositorySettings", "security/users", "security/roles", "security/privileges", "security/content-selectors",
        "routing-rules", "blobstores", "security/ldap", "email", "security/realms/active", "security/anonymous",
        "security/ssl/truststore", "tasks", "capabilities", "security/user-tokens", "security/saml",
    )  # fmt: skip
    found = {path: play.ask("GET", f"/v1/{path}").json() for path in paths}
    for store in found["blobstores"]:
        del store["availableSpaceInBytes"]  # of the disk, which others fill too
    return found


@pytest.fixture(scope="module")
def theirs(playing: Callable[..., Play]) -> Iterator[Play]:
    """A server that somebody else has filled."""
    play = playing()
    leaf = play.folder / "leaf.pem"
    leaf.write_text(leaf.read_text() + (play.folder / "ca.pem").read_text())
    with play:
        play.attaches = True
        play.wanted |= {
            key: {**value, **SEEDED.get(key, {})} if isinstance(value, dict) else value
            for key, value in everything_else().items()
        }
        play.wanted["passwords"][DOTTED] = "the-carl-password"
        play.up()
        yield play


@pytest.fixture
def checkout(theirs: Play, tmp_path: Path) -> Checkout:
    return Checkout(theirs, tmp_path)


def test_three_commands_take_over_a_server_and_change_nothing_on_it(theirs: Play, checkout: Checkout) -> None:
    before = on_server(theirs)
    theirs.counted()
    adopted = checkout.store("adopt", checkout.url, "--stack", "theirs", "--fingerprint", fingerprint(theirs))
    assert adopted.returncode == 0, adopted.stderr
    assert [line for line in theirs.counted() if not line.startswith(READ_ONLY)] == []
    made = {"Pulumi.theirs.yaml", "theirs.yaml", "theirs.policies.yaml", "theirs-ca.pem", "theirs.json.gz"}
    assert {name for name in checkout.made() if not name.endswith((".bak", ".attrs"))} == made
    topology = checkout.file("theirs.yaml")
    assert {"lab.inner", "a-group", "outer", "sample-hosted"} <= set(topology["repositories"])
    assert {"a-team", "z.leads", "reader"} == set(topology["roles"])
    assert DOTTED in topology["users"]
    count = len(checkout.file("theirs.policies.yaml"))
    assert count
    assert f"policies: {count} known, 0 new (stacks/theirs.policies.yaml)" in adopted.stderr
    secret = (checkout.folder / "stacks/Pulumi.theirs.yaml").read_text()
    assert "secure: v1:" in secret
    assert "the-admin-password" not in secret
    for fix in re.findall(r"^ +\./store (pulumi config set .*)$", adopted.stderr, re.MULTILINE):
        checkout.done(*shlex.split(fix), given="a-long-enough-secret")

    previewed = checkout.store("preview", "--stack", "theirs", "--json")
    assert previewed.returncode == 0, previewed.stdout + previewed.stderr
    shown = json.loads(previewed.stdout)
    assert {each["operation"] for each in shown["changes"]} <= {"create", "adopt"}
    assert [each for each in shown["violations"] if each["mandatory"]] == []
    assert f"policies: {count} known, 0 new (stacks/theirs.policies.yaml)" in previewed.stderr

    checkout.done("up", "--stack", "theirs")
    assert on_server(theirs) == before
    again = checkout.store("preview", "--stack", "theirs")
    assert again.returncode == 0, again.stderr
    assert again.stdout == ""
    assert "nothing to change" in again.stderr
    refuses_what_is_new(theirs, checkout, before)


def refuses_what_is_new(theirs: Play, checkout: Checkout, before: dict[str, Any]) -> None:
    """Preview and `up` refuse the same, and nothing is applied; what is mended is named."""
    ours = checkout.folder / "stacks/theirs.yaml"
    kept = ours.read_text()
    ours.write_text(kept.replace("nx-users-all", "nx-tasks-all"))
    for command in ("preview", "up"):
        refused = checkout.store(command, "--stack", "theirs")
        assert refused.returncode != 0, refused.stdout + refused.stderr
        assert "the role z.leads has nx-tasks-all" in refused.stderr
        assert "policies: administrators is mended: the role z.leads has nx-users-all" in refused.stderr
        assert "own-blob-store:" not in refused.stderr
        assert "Traceback" not in refused.stderr
    assert on_server(theirs) == before
    ours.write_text(kept)


def test_an_unknown_ca_is_shown_and_not_trusted_unless_somebody_says_so(theirs: Play, checkout: Checkout) -> None:
    theirs.counted()
    for options in ((), ("--yes",)):
        unasked = checkout.store("adopt", checkout.url, *options)
        assert unasked.returncode == 1
        grouped = ":".join(re.findall("..", fingerprint(theirs))).upper()
        assert f"SHA-256 {grouped}" in unasked.stderr
        assert "CN=Provider test CA" in unasked.stderr
        assert "--fingerprint: the CA of the server is not known here" in unasked.stderr
    wrong = checkout.store("adopt", checkout.url, "--fingerprint", "00" * 32)
    assert wrong.returncode == 1
    assert "--fingerprint: the server sends another CA" in wrong.stderr
    assert theirs.counted() == []
    assert checkout.made() == set()


def test_a_login_comes_from_the_environment_only(theirs: Play, checkout: Checkout) -> None:
    trusted = ("--fingerprint", fingerprint(theirs))
    in_url = checkout.store("adopt", checkout.url.replace("://", "://admin:the-admin-password@"), *trusted)
    assert (in_url.returncode, "the-admin-password" in in_url.stderr) == (1, False)
    assert "URL: it has a login, which others on this machine can read" in in_url.stderr
    wrong = checkout.store("adopt", checkout.url, *trusted, NEXUS_PASSWORD="not-the-password")
    assert (wrong.returncode, wrong.stderr.count("Fix: ")) == (1, 1)
    assert "NEXUS_PASSWORD: " in wrong.stderr
    assert "refuses it for the user admin" in wrong.stderr
    missing = checkout.store("adopt", checkout.url, *trusted, NEXUS_PASSWORD="")
    assert "NEXUS_PASSWORD: missing" in missing.stderr
    assert checkout.made() == set()


def test_what_fails_leaves_no_file_and_a_killed_one_is_started_anew(theirs: Play, checkout: Checkout) -> None:
    command = ("adopt", checkout.url, "--stack", "theirs", "--fingerprint", fingerprint(theirs))
    passphrase = checkout.folder / ".local/passphrase"
    passphrase.mkdir(parents=True)  # Pulumi cannot read it
    failed = checkout.store(*command)
    assert failed.returncode != 0
    assert checkout.made() == set(), failed.stderr
    passphrase.rmdir()
    left = checkout.folder / ".local/unfinished/theirs.json"
    left.parent.mkdir(exist_ok=True)
    left.write_text(json.dumps({"pairs": [f"nexus.url={checkout.url}"], "is_new": True, "adopts": checkout.url}))
    (checkout.folder / "stacks/theirs.yaml").write_text("repositories: {half")
    (checkout.folder / "stacks/Pulumi.theirs.yaml").write_text("config: {}")
    halfway = checkout.store("preview", "--stack", "theirs")
    assert f"Fix: ./store adopt {checkout.url} --stack theirs" in halfway.stderr
    again = checkout.store(*command)
    assert again.returncode == 0, again.stderr
    assert "outer" in checkout.file("theirs.yaml")["repositories"]
    twice = checkout.store(*command)
    assert twice.returncode == 1
    assert "STACK=theirs: there is stacks/Pulumi.theirs.yaml and stacks/theirs.yaml" in twice.stderr
    assert f"Fix: ./store adopt {checkout.url} --stack OTHER" in twice.stderr


def test_names_of_terraform_choose_what_is_declared(theirs: Play, checkout: Checkout) -> None:
    """The state is written here after Terraform's format; no Terraform wrote it."""

    def managed(type_: str, name: str, **attributes: str) -> dict[str, Any]:
        instance = {"schema_version": 0, "attributes": {**attributes, "password": "of-the-state"}}
        return {"mode": "managed", "type": type_, "name": name, "instances": [instance]}

    (certificate,) = theirs.ask("GET", "/v1/security/ssl/truststore").json()
    resources = [
        managed("nexus_repository_raw_group", "all", id="outer"),
        managed("nexus_security_user", "carl", id=DOTTED, userid=DOTTED),
        managed("nexus_security_ssl_truststore", "corporate", id=certificate["id"]),
        managed("nexus_routing_rule", "gone", id="gone"),
        managed("nexus_security_ldap_order", "order", id="ldap"),
    ]
    state = {"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "0c0f", "resources": resources}
    (checkout.folder / "state.json").write_text(json.dumps(state))
    trusted = ("--fingerprint", fingerprint(theirs))
    done = checkout.store("adopt", checkout.url, *trusted, "--names", str(checkout.folder / "state.json"))
    assert done.returncode == 0, done.stderr
    topology = checkout.file("nexus.yaml")
    needed = {"outer", "a-group", "lab.inner", "sample-proxy", "sample-hosted"}
    assert set(topology["repositories"]) == needed
    assert set(topology["users"]) == {DOTTED}
    assert set(topology["truststore"]) == {"corporate"}
    assert not {"email", "ldap", "tasks", "saml"} & set(topology)
    assert "Terraform manages it, and the server does not have it: nexus_routing_rule.gone" in done.stderr
    assert "Terraform's nexus_security_ldap_order.order: the order of `ldap`" in done.stderr
    assert "on the server, and not managed by Terraform: " in done.stderr
    assert "refers to it: " in done.stderr
    written = [file.read_text() for file in (checkout.folder / "stacks").glob("*nexus*")]
    assert not [text for text in written if "of-the-state" in text]
    wrong = checkout.store("adopt", checkout.url, *trusted, "--stack", "other", "--names", "Pulumi.yaml")
    assert "--names: it is not JSON (got " in wrong.stderr
