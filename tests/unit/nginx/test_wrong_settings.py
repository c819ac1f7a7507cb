"""Each mistake in nginx's settings is one line with the allowed values."""

from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from tests.unit.nginx.rendering import settings

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "routing": ({"routing": "paths"}, "nginx.routing: invalid value (got 'paths'; allowed 'path', 'seed' or 'ports'"),
    "size": (
        {"clientMaxBodySize": "1gb"},
        "nginx.clientMaxBodySize: invalid value (got '1gb'; allowed 0 for no limit or a number",
    ),
    "duration": (
        {"proxyReadTimeout": "900"},
        "nginx.proxyReadTimeout: invalid value (got '900'; allowed a number of at most nine digits with ms",
    ),
    "address": (
        {"bindAddress": "0.0.0"},
        "nginx.bindAddress: invalid value (got '0.0.0'; allowed an IPv4 or IPv6 address",
    ),
    "one of several addresses": (
        {"bindAddress": ["::", "x"]},
        "nginx.bindAddress[1]: invalid value (got 'x'; allowed an IPv4 or IPv6",
    ),
    "network": (
        {"metricsAllowedFrom": ["10.0.0.1/8"]},
        "nginx.metricsAllowedFrom[0]: invalid value (got '10.0.0.1/8'; allowed an address",
    ),
    "namespace": (
        {"privateNamespaces": ["Team"]},
        "nginx.privateNamespaces[0]: invalid value (got 'Team'; allowed the first parts",
    ),
    "namespace with a pattern": ({"privateNamespaces": ['a" x; "']}, "nginx.privateNamespaces[0]:"),
    "few connections": (
        {"rateLimit": {"clientConnections": 1}},
        "nginx.rateLimit.clientConnections: invalid value (got 1; allowed greater than",
    ),
    "a name of no host": (
        {"serverNames": ["store;"]},
        "nginx.serverNames[0]: invalid value (got 'store;'; allowed ",
    ),
    "tiny quota": (
        {"rateLimit": {"requestsPerDay": 10}},
        "nginx.rateLimit.requestsPerDay: invalid value (got 10; allowed greater than",
    ),
    "cache size": (
        {"blobCache": {"maxSize": "much"}},
        "nginx.blobCache.maxSize: invalid value (got 'much'; allowed a whole number of at most nine digits with",
    ),
    "ports without the mode": (
        {"dockerPorts": {"docker-group": 5443}},
        "nginx.dockerPorts: has no effect with nginx.routing path (allowed ",
    ),
    "namespaces without the mode": (
        {"routing": "seed", "privateNamespaces": ["team"]},
        "nginx.privateNamespaces: has no effect with nginx.routing seed",
    ),
    "address twice": (
        {"bindAddress": ["10.0.0.5", "10.0.0.5"]},
        "nginx.bindAddress: invalid value (got a list of 2; allowed 10.0.0.5 alone",
    ),
    "address beside all": (
        {"bindAddress": ["::", "0.0.0.0", "10.0.0.5"]},
        "nginx.bindAddress: invalid value (got a list of 3; allowed 0.0.0.0 alone, or other addresses of IPv4",
    ),
    "too little memory": ({"memory": "64m"}, "nginx.memory: invalid value (got '64m'; allowed at least 128m"),
    "sysctl of the whole host": (
        {"sysctls": {"net.core.somaxconn": 1024, "vm.swappiness": 1}},
        "nginx.sysctls: invalid value (got a mapping with the keys net.core.somaxconn, vm.swappiness; allowed param",
    ),
    "sysctl without a value": (
        {"sysctls": {"net.core.somaxconn": None}},
        'nginx.sysctls["net.core.somaxconn"]: invalid value (got None; allowed text',
    ),
    "closed to all": (
        {"restAllowedFrom": []},
        "nginx.restAllowedFrom: invalid value (got an empty list; allowed a list of 1 or more",
    ),
    "unknown repository": (
        {"pushRepository": "x"},
        "nginx.pushRepository: not a docker repository (got 'x'; allowed docker-private",
    ),
    "port of nothing": (
        {"routing": "ports", "dockerPorts": {"docker-proxy": 5002}},
        "nginx.dockerPorts.docker-proxy: not a docker repository with an httpPort (got 'docker-proxy'; allowed ",
    ),
    "port of two": (
        {"routing": "ports", "dockerPorts": {"docker-group": 5000}},
        "nginx.dockerPorts.docker-group: taken by docker-private (got 5000; allowed a free port",
    ),
    "port of the store": (
        {"routing": "ports", "httpsPort": 5000},
        "nginx.dockerPorts.docker-private: taken by nginx.httpsPort (got 5000; allowed a free port",
    ),
    "port of the container": (
        {"routing": "ports", "dockerPorts": {"docker-group": 8443}},
        "nginx.dockerPorts.docker-group: taken by nginx in its container",
    ),
    "port for root": (
        {"routing": "ports", "dockerPorts": {"docker-group": 444}},
        "nginx.dockerPorts.docker-group: only root may listen on it (got 444; allowed a free port from 1024",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_line(name: str) -> None:
    nginx, line = WRONG[name]
    with pytest.raises(Refusal) as refused:
        settings(nginx)
    lines = [text for text in str(refused.value).splitlines() if text.strip().startswith("nginx.")]
    assert len(lines) == 1
    assert line in lines[0]
    assert "Fix: " in lines[0]


def test_one_address_and_a_list_are_both_accepted() -> None:
    assert settings({"bindAddress": "10.0.0.1"}).nginx.bind_address == ("10.0.0.1",)
    assert settings({"bindAddress": ["0.0.0.0", "0::0"]}).nginx.bind_address == ("0.0.0.0", "::")


@pytest.mark.parametrize("size", [0, "0", 1024, "1G"])
def test_a_size_is_accepted_with_and_without_quotes(size: object) -> None:
    assert settings({"clientMaxBodySize": size}).nginx.client_max_body_size == str(size)


def test_a_proxy_cannot_be_the_push_repository() -> None:
    proxy = {"docker-proxy": {"docker": {"httpPort": 5002}}}
    with pytest.raises(Refusal) as refused:
        settings({"pushRepository": "docker-proxy"}, repositories=proxy)
    assert "a proxy repository takes no pushes (got 'docker-proxy'; allowed docker-private, docker-group" in str(
        refused.value
    )
