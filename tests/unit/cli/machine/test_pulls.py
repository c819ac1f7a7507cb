"""A stack gets the stand-in only if no registry answers; each other failure of a pull has its own fix.

Docker's messages are real: from 20.10 and 28 with registries that gave these answers, and published by users of other
versions (docker/for-win #9227 #9400 #13751, moby #35202 #32811, docker/cli #3649).
"""

import pytest

from cli.machine.pulls import nothing_answers, remedy

HUB = 'Error response from daemon: Get "https://registry-1.docker.io/v2/": '
CONTAINERD = (
    'Error response from daemon: failed to resolve reference "docker.io/sonatype/nexus3:3.95.2": failed to do request: '
    'Head "https://registry-1.docker.io/v2/sonatype/nexus3/manifests/3.95.2": '
)
REGISTRY = 'Error response from daemon: Head "http://localhost:5000/v2/team/image/manifests/1": '
UNREACHABLE = [
    HUB + "dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host",
    HUB
    + "dial tcp: lookup registry-1.docker.io on 172.19.96.1:53: read udp 172.19.1.2:50415->172.19.96.1:53: i/o timeout",
    HUB + "dial tcp: lookup registry-1.docker.io on [::1]:53: read udp [::1]:35914->[::1]:53: read: connection refused",
    HUB + "dial tcp: lookup registry-1.docker.io on 192.168.65.1:53: server misbehaving",
    HUB + "dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution",
    HUB + "dial tcp 127.0.0.1:443: connect: connection refused",
    HUB + "dial tcp 34.205.13.154:443: connect: no route to host",
    HUB + "dial tcp 34.205.13.154:443: connect: network is unreachable",
    HUB + "dial tcp 34.205.13.154:443: connect: connection timed out",
    HUB + "dial tcp 34.205.13.154:443: i/o timeout",
    HUB + "proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused",
    HUB + "proxyconnect tcp: dial tcp: lookup proxy.corp.test on 10.0.0.2:53: no such host",
    HUB + "net/http: TLS handshake timeout",
    HUB + "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    HUB + "context deadline exceeded",
    HUB + "EOF",
    HUB + "read tcp 10.0.0.5:41122->34.205.13.154:443: read: connection reset by peer",
    'Error response from daemon: Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused',
    CONTAINERD + "dial tcp: lookup registry-1.docker.io on 127.0.0.11:53: no such host",
    CONTAINERD + "dial tcp 34.205.13.154:443: connect: connection refused",
]
ANSWERED = {
    "Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by "
    "authenticating and upgrading: https://www.docker.com/increase-rate-limit": "docker login docker.io",
    "Error response from daemon: toomanyrequests: too many requests": "docker login docker.io",
    REGISTRY + "no basic auth credentials": "docker login localhost:5000",
    REGISTRY + "unauthorized: authentication required": "docker login localhost:5000",
    "Error response from daemon: pull access denied for sonatype/nexus, repository does not exist or may require "
    "'docker login': denied: requested access to the resource is denied": "docker login",
    "Error response from daemon: manifest for sonatype/nexus3:0 not found: manifest unknown: manifest unknown": "IMAGE",
    'Error response from daemon: failed to resolve reference "docker.io/sonatype/nexus3:0": '
    "docker.io/sonatype/nexus3:0: not found": "nexus.image IMAGE",
    "failed to register layer: write /usr/lib/jvm/lib/modules: no space left on device": "make room",
    "failed to register layer: Error processing tar file(exit status 1): write /a: no space left on device": "room",
    "Error response from daemon: write /var/lib/docker/tmp/GetImageBlob1: no space left on device": "make room",
    HUB + "Proxy Authentication Required": "proxy setting",
    HUB + "proxyconnect tcp: Proxy Authentication Required": "proxy setting",
    HUB + "Forbidden": "docker login",
    HUB + "x509: certificate signed by unknown authority": "/etc/docker/certs.d/docker.io/ca.crt",
    HUB + "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time "
    "2026-11-25T20:00:00Z is after 2025-01-01T00:00:00Z": "certs.d",
    HUB + "x509: cannot validate certificate for 192.0.2.2 because it doesn't contain any IP SANs": "certs.d",
    HUB + "http: server gave HTTP response to HTTPS client": "certs.d",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?": "start the",
    REGISTRY + "received unexpected HTTP status: 500 Internal Server Error": "solve what docker says",
    "Error response from daemon: unknown: unknown error": "solve what docker says",
    'error pulling image configuration: Get "https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/'
    'sha256/ab/data": dial tcp 104.16.1.1:443: i/o timeout': "solve what docker says",
    'Error response from daemon: Head "https://registry-1.docker.io/v2/sonatype/nexus3/manifests/3.95.2": Get '
    '"https://auth.docker.io/token?scope=repository%3Asonatype": dial tcp: lookup auth.docker.io: no such host': "says",
    "unexpected EOF": "solve what docker says",
    "": "solve what docker says",
}


@pytest.mark.parametrize("output", UNREACHABLE)
def test_an_unreachable_registry_is_recognized(output: str) -> None:
    assert nothing_answers(output)


@pytest.mark.parametrize(("output", "fix"), ANSWERED.items())
def test_the_answer_of_a_registry_has_a_matching_fix(output: str, fix: str) -> None:
    assert not nothing_answers(output)
    image = "localhost:5000/team/image:1" if "localhost" in output else "sonatype/nexus3:3.95.2"
    assert fix in remedy(output, image, "local")


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("sonatype/nexus3:3.95.2", "docker.io"),
        ("nginx:1", "docker.io"),
        ("localhost:5000/team/image:1", "localhost:5000"),
        ("registry.test/image@sha256:00", "registry.test"),
    ],
)
def test_the_fix_logs_in_to_the_registry_of_the_image(image: str, registry: str) -> None:
    assert remedy("toomanyrequests", image, "local").startswith(f"docker login {registry},")
