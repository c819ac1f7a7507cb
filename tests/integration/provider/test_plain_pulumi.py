"""Pulumi by itself, without ./store: mandatory policies hold, and what it cannot do ends in a line that says what can.

The engine, the SDK and the provider are real. Nexus is the stand-in, as an external server. The language host is
of 2023 and ignores `virtualenv: .venv`; the published CLI and host were not run.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.provider.plain import Plain
from tests.integration.provider.play import ADMIN, FIRST, Play

REPOSITORY = "pulumi-python:dynamic/nexus:Repository"
RIGHT: dict[str, Any] = {
    "blobStores": {"files": {}},
    "repositories": {
        "files": {"format": "raw", "type": "hosted",
                  "storage": {"blobStoreName": "files", "writePolicy": "ALLOW_ONCE"}},
    },
    "maintenance": {"window": "01:00-05:00"},
}  # fmt: skip
WRONG: dict[str, Any] = {
    "anonymousAccess": True,
    "repositories": {
        "files": {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "default", "writePolicy": "ALLOW"}},
        "cache": {"format": "raw", "type": "proxy", "proxy": {"remoteUrl": "http://mirror.domain.org"},
                  "storage": {"blobStoreName": "default"}},
    },
}  # fmt: skip
BROKEN = (
    "no-anonymous-access", "own-blob-store", "write-policy", "cleanup-policy", "remote-over-https", "ssrf-protection",
)  # fmt: skip


@pytest.fixture(scope="module")
def plain(playing: Callable[..., Play], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    with playing() as play:
        play.external = True
        play.change_password(FIRST, ADMIN)
        made = Plain(play, tmp_path_factory.mktemp("project"))
        assert made.run("stack", "init").returncode == 0
        made.declare(**RIGHT)
        assert made.run("config", "set", "--secret", "--path", "passwords.admin", given=ADMIN).returncode == 0
        yield made


def names(play: Play) -> set[str]:
    return {each["name"] for each in play.ask("GET", "/v1/repositories").json()}


@pytest.mark.parametrize("command", [("preview",), ("up", "--yes"), ("up", "--yes", "--skip-preview")], ids=" ".join)
def test_a_violation_of_a_mandatory_policy_is_refused(plain: Plain, command: tuple[str, ...]) -> None:
    plain.declare(**WRONG)
    done = plain.run(*command)
    assert done.returncode != 0, done.stdout
    for rule in BROKEN:
        assert f"policy {rule} (mandatory): " in done.stdout
    assert "Traceback" not in done.stdout
    assert not {"files", "cache"} & names(plain.play)


def test_the_levels_are_those_of_the_stack(plain: Plain) -> None:
    """For `own-namespaces`, production's levels are advisory: ./store reports it, plain Pulumi says nothing."""
    proxy = {"format": "npm", "type": "proxy", "proxy": {"remoteUrl": "https://registry.npmjs.org"}}
    hosted = {"format": "npm", "type": "hosted", "storage": {"blobStoreName": "own", "writePolicy": "ALLOW_ONCE"}}
    plain.declare(
        blobStores={"own": {}, "cache": {}},
        repositories={"own": hosted, "cache": {**proxy, "storage": {"blobStoreName": "cache"}}},
        ssrfProtection={"enabled": True},
        maintenance={"window": "01:00-05:00", "offlineCopies": ["cache"]},
    )
    done = plain.run("preview")
    assert "policy " not in done.stdout
    assert done.returncode == 0, done.stdout


def test_the_commands_of_a_refusal_work_for_names_that_a_shell_takes_apart(plain: Plain) -> None:
    users = ("carl.old", 'o\'brien "c" $(id)', "[0]")
    user = {"firstName": "C", "lastName": "O", "emailAddress": "c@domain.org", "roles": ["nx-anonymous"]}
    plain.declare(**RIGHT, users=dict.fromkeys(users, user))
    refused = plain.run("preview")
    assert refused.returncode != 0
    fixes = set(re.findall(r"missing secret .*?Fix: pulumi (.*)$", refused.stdout, re.MULTILINE))
    assert len(fixes) == len(users), refused.stdout
    for fix in fixes:
        done = plain.run(*shlex.split(fix), given="a-long-enough-secret")
        assert done.returncode == 0, done.stdout
    previewed = plain.run("preview")
    assert previewed.returncode == 0, previewed.stdout


def test_the_commands_on_a_deployed_stack_work_or_say_in_a_line_what_does(plain: Plain) -> None:
    plain.declare(**RIGHT)
    for command in (
        ("up", "--yes", "--skip-preview"),
        ("preview", "--expect-no-changes"),
        ("refresh", "--yes"),
        ("config",),
        ("config", "get", "address"),
        ("stack",),
        ("stack", "output"),
    ):
        done = plain.run(*command)
        assert done.returncode == 0, done.stdout
    imported = plain.run("import", REPOSITORY, "other", "repository other", "--yes")
    assert imported.returncode != 0
    assert "Fix: declare it in the stack file with adopt: true, then pulumi up" in imported.stdout
    assert "Traceback" not in imported.stdout
    kept = as_managed(plain)
    destroyed = plain.run("destroy", "--yes")
    assert destroyed.returncode != 0
    assert "Fix: make down STACK=NAME" in destroyed.stdout
    assert "files" in names(plain.play)
    plain.restore(kept)
    destroyed = plain.run("destroy", "--yes")
    assert destroyed.returncode == 0, destroyed.stdout
    assert "make down" not in destroyed.stdout
    assert "files" not in names(plain.play)


def as_managed(plain: Plain) -> dict[str, Any]:
    """Makes the state one of a managed Nexus, which has a first password and a protected part; returns the former one.

    The protected part is a blob store in the place of the data volume, for which a Docker engine would be needed.
    """
    before = plain.exported()
    after = json.loads(json.dumps(before))
    for resource in after["deployment"]["resources"]:
        if resource["type"] == "pulumi:providers:pulumi-python":
            for part in ("inputs", "outputs"):
                resource[part]["repository-store:initialPassword"]["plaintext"] = json.dumps("first")
        if resource["type"].endswith(":BlobStore"):
            resource["protect"] = True
    plain.restore(after)
    return before
