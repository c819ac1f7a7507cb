"""Outputs of a stack in the form of `pulumi stack output --json`."""

from typing import Any

from tests.authority import Request

POLICIES = {"maven-releases": "RELEASE", "maven-snapshots": "SNAPSHOT", "maven-central": "RELEASE"}
CA = Request("The store's CA").issued_by(None).pem


def outputs(*repositories: tuple[str, str, str], **changed: Any) -> dict[str, Any]:
    """The outputs of a store with repositories (name, format, type)."""
    given = repositories or (
        ("docker-group", "docker", "group"),
        ("docker-private", "docker", "hosted"),
        ("maven-central", "maven", "proxy"),
        ("maven-public", "maven", "group"),
        ("maven-releases", "maven", "hosted"),
        ("maven-snapshots", "maven", "hosted"),
        ("npm-group", "npm", "group"),
        ("npm-hosted", "npm", "hosted"),
        ("pypi-group", "pypi", "group"),
        ("yum-group", "yum", "group"),
        ("yum-hosted", "yum", "hosted"),
    )
    return {
        "url": "https://nexus.domain.org",
        "docker_registry": "nexus.domain.org",
        "docker_push_registry": "nexus.domain.org",
        "docker_pull_registry": "nexus.domain.org:5001",
        "repositories": {
            name: {
                "format": format,
                "type": type,
                "url": f"https://nexus.domain.org/repository/{name}/",
                **({"version_policy": POLICIES.get(name, "MIXED")} if format == "maven" else {}),
            }
            for name, format, type in given
        },
        "ca_certificate_pem": CA,
        "jenkins_credentials": {"id": "nexus-ci", "username": "jenkins"},
        "jenkins_password": "[secret]",
        "ci_pull_credentials": {"id": "nexus-ci-pull", "username": "ci-pull"},
        "ci_pull_password": "[secret]",
        "ci_push_credentials": {"id": "nexus-ci-push", "username": "ci-push"},
        "ci_push_password": "[secret]",
        "nexus_version": "3.95.2",
        "nexus_kind": "sonatype",
        **changed,
    }
