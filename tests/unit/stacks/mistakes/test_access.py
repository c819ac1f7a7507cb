"""Mistakes in users, roles, realms and passwords."""

import pytest

from tests.unit.stacks.mistakes.refused import RIGHT, Wrong, is_one_line

PERSON = {"firstName": "A", "lastName": "B", "emailAddress": "a@domain.org"}
WRONG: dict[str, Wrong] = {
    "secret missing": (
        {"passwords": {"jenkins": "x", "ci-pull": "y", "ci-push": "z"}},
        "passwords.admin: missing secret",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a user's secret missing": (
        {"passwords": {"admin": "x", "ci-pull": "y", "ci-push": "z"}},
        "passwords.jenkins: missing secret",
        "pulumi config set --secret --path passwords.jenkins",
    ),
    "a build's secret missing": (
        {"passwords": {"admin": "x", "jenkins": "y", "ci-push": "z"}},
        "passwords.ci-pull: missing secret",
        "pulumi config set --secret --path passwords.ci-pull",
    ),
    "unknown role": ({"users": {"jenkins": {"roles": ["cl"]}}}, "no role is called 'cl'", "declare cl under roles"),
    "push to a group": (
        {"roles": {"ci-push": {"push": ["docker-group"]}}},
        "'docker-group' is a group repository",
        "pull",
    ),
    "unknown realm": ({"realms": ["DockerToken"]}, "realms", "NexusAuthenticatingRealm"),
    "empty password": (
        {"passwords": {**RIGHT["passwords"], "admin": ""}},
        "passwords.admin: invalid value (got ***",
        "pulumi config set --secret --path passwords.admin",
    ),
    "password of two lines": (
        {"passwords": {**RIGHT["passwords"], "jenkins": "the-jenkins\n-secret"}},
        "passwords.jenkins: invalid value (got ***",
        "printable characters, on one line",
    ),
    "user's bad e-mail address": (
        {"users": {"jenkins": {"emailAddress": "jenkins at domain.org"}}},
        "users.jenkins.emailAddress: invalid value (got 'jenkins at domain.org'",
        "like ops@domain.org",
    ),
    "administrator as a user": (
        {"users": {"admin": {**PERSON, "roles": ["nx-admin"]}}},
        "users.admin: the stack itself logs in as this user",
        "remove users.admin",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
