"""Stacks that comply with the rules about keys, certificates and protocols, and stacks that violate them."""

from components.bundle import bundle
from policy.rule import Resource
from tests.unit.nginx.rendering import configuration
from tests.unit.policy.resources import (
    key,
    leaf,
    nginx_files,
)


def nginx_configuration_of_the_stack() -> Resource:
    """The actual rendered configuration, so that the rule is tested with it."""
    text = configuration().text
    assert "ssl_protocols" in text
    return Resource("command:local:Command", "nginx-load", {"stdin": bundle({"nginx.conf": text})})


GOOD: dict[str, list[list[Resource]]] = {
    "tls-floor": [
        [key(algorithm="ECDSA", ecdsaCurve="P256"), key(algorithm="RSA"), key(algorithm="ED25519"), leaf(397)],
        [nginx_files("TLSv1.2 TLSv1.3"), Resource("command:local:Command", "nginx-load", {"stdin": "[secret]"})],
        [nginx_configuration_of_the_stack()],
    ],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "tls-floor": [
        ([key(algorithm="RSA", rsaBits=1024.0)], "has 1024 bits"),
        ([key(algorithm="ECDSA")], "curve P224"),
        ([leaf(825)], "valid for 825 days"),
        ([nginx_files("TLSv1.1 TLSv1.2")], "nginx speaks TLSv1.1"),
    ],
}
