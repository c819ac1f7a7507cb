"""What a stack file wants by now, out of Pulumi's own listing of it."""

from cli.stack.wanted import wanted


def test_the_password_and_the_url_of_somebody_elses_nexus_are_given() -> None:
    config = {
        "repository-store:nexus": {"objectValue": {"url": "https://nexus.domain.org"}},
        "repository-store:passwords": {"objectValue": {"admin": "secret", "jenkins": "other"}, "secret": True},
    }
    assert wanted(config) == {"url": "https://nexus.domain.org", "password": "secret"}


def test_of_the_stacks_own_nexus_the_password_is_given() -> None:
    assert wanted({"repository-store:passwords": {"objectValue": {"admin": "secret"}}}) == {"password": "secret"}
    assert wanted({"repository-store:hostname": {"value": "nexus.store.test"}}) == {}
