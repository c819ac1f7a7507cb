"""Each mistake in nginx's part of a stack file ends in one line that says what is allowed."""

from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from tests.unit.nginx.rendering import settings

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "routing": ({"routing": "paths"}, "nginx.routing: 'paths' was given; allowed: 'path', 'seed' or 'ports'"),
    "size": (
        {"clientMaxBodySize": "1gb"},
        "nginx.clientMaxBodySize: '1gb' was given; allowed: 0 for no limit or a number",
    ),
    "duration": (
        {"proxyReadTimeout": "900"},
        "nginx.proxyReadTimeout: '900' was given; allowed: a number with ms, s, m or h",
    ),
    "address": ({"bindAddress": "0.0.0"}, "nginx.bindAddress: '0.0.0' was given; allowed: an IPv4 or IPv6 address"),
    "one of several addresses": (
        {"bindAddress": ["::", "x"]},
        "nginx.bindAddress[1]: 'x' was given; allowed: an IPv4 or IPv6",
    ),
    "network": (
        {"metricsAllowedFrom": ["10.0.0.1/8"]},
        "nginx.metricsAllowedFrom[0]: '10.0.0.1/8' was given; allowed: an address",
    ),
    "namespace": (
        {"privateNamespaces": ["Team"]},
        "nginx.privateNamespaces[0]: 'Team' was given; allowed: the first parts",
    ),
    "namespace with a pattern": ({"privateNamespaces": ['a" x; "']}, "nginx.privateNamespaces[0]:"),
    "few connections": (
        {"rateLimit": {"clientConnections": 1}},
        "nginx.rateLimit.clientConnections: 1 was given; allowed: greater than",
    ),
    "a name of no host": (
        {"serverNames": ["store;"]},
        "nginx.serverNames[0]: 'store;' was given; allowed:",
    ),
    "tiny quota": (
        {"rateLimit": {"requestsPerDay": 10}},
        "nginx.rateLimit.requestsPerDay: 10 was given; allowed: greater than",
    ),
    "cache size": (
        {"blobCache": {"maxSize": "much"}},
        "nginx.blobCache.maxSize: 'much' was given; allowed: a whole number of at most nine digits with k, m or g",
    ),
    "ports without the mode": (
        {"dockerPorts": {"docker-group": 5443}},
        "nginx.dockerPorts: it was given, and nginx.routing is path, which has no use for it; allowed: ",
    ),
    "namespaces without the mode": (
        {"routing": "seed", "privateNamespaces": ["team"]},
        "nginx.privateNamespaces: it was given, and nginx.routing is seed, which has no use for it",
    ),
    "address twice": (
        {"bindAddress": ["10.0.0.5", "10.0.0.5"]},
        "nginx.bindAddress: a list of 2 was given; allowed: 10.0.0.5 alone",
    ),
    "address beside all": (
        {"bindAddress": ["::", "0.0.0.0", "10.0.0.5"]},
        "nginx.bindAddress: a list of 3 was given; allowed: 0.0.0.0 alone, or other addresses of IPv4 without it",
    ),
    "too little memory": ({"memory": "64m"}, "nginx.memory: '64m' was given; allowed: at least 128m"),
    "sysctl of the whole host": (
        {"sysctls": {"net.core.somaxconn": 1024, "vm.swappiness": 1}},
        "nginx.sysctls: a mapping with the keys net.core.somaxconn, vm.swappiness was given; allowed: what a container",
    ),
    "sysctl without a value": (
        {"sysctls": {"net.core.somaxconn": None}},
        'nginx.sysctls["net.core.somaxconn"]: None was given; allowed: text',
    ),
    "closed to all": (
        {"restAllowedFrom": []},
        "nginx.restAllowedFrom: an empty list was given; allowed: a list of at least 1",
    ),
    "unknown repository": (
        {"pushRepository": "x"},
        "nginx.pushRepository: 'x' is no docker repository; allowed: docker-private",
    ),
    "port of nothing": (
        {"routing": "ports", "dockerPorts": {"docker-proxy": 5002}},
        "nginx.dockerPorts.docker-proxy: 'docker-proxy' is no docker repository with an httpPort; allowed: ",
    ),
    "port of two": (
        {"routing": "ports", "dockerPorts": {"docker-group": 5000}},
        "nginx.dockerPorts.docker-group: port 5000 is taken by docker-private; allowed: a free port",
    ),
    "port of the store": (
        {"routing": "ports", "httpsPort": 5000},
        "nginx.dockerPorts.docker-private: port 5000 is taken by nginx.httpsPort; allowed: a free port",
    ),
    "port of the container": (
        {"routing": "ports", "dockerPorts": {"docker-group": 8443}},
        "nginx.dockerPorts.docker-group: port 8443 is taken by nginx in its container",
    ),
    "port for root": (
        {"routing": "ports", "dockerPorts": {"docker-group": 444}},
        "nginx.dockerPorts.docker-group: port 444 is for root only; allowed: a free port from 1024",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_line(name: str) -> None:
    nginx, line = WRONG[name]
    with pytest.raises(Refusal) as refused:
        settings(nginx)
    said = [text for text in str(refused.value).splitlines() if text.strip().startswith("nginx.")]
    assert len(said) == 1
    assert line in said[0]
    assert "remedy: " in said[0]


def test_one_address_and_a_list_are_both_right() -> None:
    assert settings({"bindAddress": "10.0.0.1"}).nginx.bind_address == ("10.0.0.1",)
    assert settings({"bindAddress": ["0.0.0.0", "0::0"]}).nginx.bind_address == ("0.0.0.0", "::")


@pytest.mark.parametrize("size", [0, "0", 1024, "1G"])
def test_a_size_is_right_with_quotes_and_without(size: object) -> None:
    assert settings({"clientMaxBodySize": size}).nginx.client_max_body_size == str(size)


def test_a_proxy_does_not_take_pushes() -> None:
    proxy = {"docker-proxy": {"docker": {"httpPort": 5002}}}
    with pytest.raises(Refusal) as refused:
        settings({"pushRepository": "docker-proxy"}, repositories=proxy)
    assert "'docker-proxy' is a proxy repository, which takes no uploads; allowed: docker-private, docker-group" in str(
        refused.value
    )
