"""Stacks that comply with the rules about images and containers, and stacks that violate them, with the messages."""

from policy.rule import Resource
from tests.unit.policy.resources import (
    container,
    image,
)

DIGEST = "sonatype/nexus3:3.95.2@sha256:" + "0" * 64


GOOD: dict[str, list[list[Resource]]] = {
    "image-by-digest": [[image(DIGEST)]],
    "stop-timeout": [[container()], [container(volumes=[], stopTimeout=10.0)]],
    "no-secret-in-environment": [[container()], [container(envs=["DB_PASSWORD_FILE=/run/secrets/db"])]],
    "only-nginx-is-public": [[container()], [container(volumes=[], ports=[{"internal": 8443.0}])]],
    "container-confined": [[container()]],
    "container-limited": [[container()]],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "image-by-digest": [
        ([image("sonatype/nexus3:3.95.2")], "sonatype/nexus3:3.95.2 can be another image tomorrow"),
        ([image("sonatype/nexus3@sha256:beef")], "NAME:TAG@sha256:DIGEST"),
    ],
    "stop-timeout": [
        ([container(stopTimeout=119.0)], "killed after 119 s (stopTimeout)"),
        ([container(destroyGraceSeconds=None)], "killed after 0 s (destroyGraceSeconds)"),
    ],
    "no-secret-in-environment": [
        ([container(envs=["NEXUS_DATASTORE_NEXUS_PASSWORD=hunter2"])], "NEXUS_DATASTORE_NEXUS_PASSWORD")
    ],
    "only-nginx-is-public": [([container(ports=[{"internal": 8081.0}])], "published beside nginx")],
    "container-confined": [
        ([container(privileged=True)], "privileged"),
        ([container(capabilities={})], "drop ALL"),
        ([container(securityOpts=[])], "no-new-privileges"),
    ],
    "container-limited": [
        ([container(memory=None)], "take all memory"),
        ([container(logOpts={})], "fill the disk"),
        ([container(restart="no")], "stays down after a reboot"),
    ],
}
