"""Rules on keys, certificates and the TLS protocols in nginx's configuration."""

import re
from collections.abc import Iterator

from components.bundle import opened
from policy.rule import Resource, ResourceRule

_RSA_BITS = 2048
_HOURS_A_DAY = 24
# Browsers refuse a certificate that is valid for longer.
_LEAF_DAYS = 398
_TYPES = ("tls:index/privateKey:PrivateKey", "tls:index/locallySignedCert:LocallySignedCert")
_NGINX = ("command:local:Command", "nginx-load")
_OLD_PROTOCOLS = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})


def _floor(resource: Resource) -> Iterator[str]:
    if resource.type == _TYPES[0]:
        yield from _key(resource)
    elif resource.type == _TYPES[1]:
        days = resource.at("validityPeriodHours", otherwise=0) / _HOURS_A_DAY
        if days > _LEAF_DAYS:
            yield f"{resource.title} is valid for {days:.0f} days: set tls.validityDays to {_LEAF_DAYS - 1} or less"
    elif (resource.type, resource.name) == _NGINX:
        yield from _protocols(resource)


def _key(resource: Resource) -> Iterator[str]:
    algorithm = resource.at("algorithm")
    bits = resource.at("rsaBits", otherwise=_RSA_BITS)
    if algorithm == "RSA" and bits < _RSA_BITS:
        yield f"the key {resource.title} has {bits:.0f} bits: use {_RSA_BITS} or more, or ECDSA"
    # The default curve of the provider is P224.
    if algorithm == "ECDSA" and resource.at("ecdsaCurve", otherwise="P224") == "P224":
        yield f"the key {resource.title} is on the curve P224, which clients do not accept: use P256 or more"


def _protocols(resource: Resource) -> Iterator[str]:
    """Finds nothing if the files are unknown: before the first `up`, and in a state with encrypted secrets."""
    text = opened(str(resource.at("stdin", otherwise=""))).get("nginx.conf", "")
    spoken = {
        word for words in re.findall(r"^\s*ssl_protocols\s+([^;]*);", text, re.MULTILINE) for word in words.split()
    }
    for protocol in sorted(spoken & _OLD_PROTOCOLS):
        yield f"nginx speaks {protocol}, which is broken: remove it from ssl_protocols in nginx/tls.conf.j2"


RULES = (ResourceRule("tls-floor", "Keys, certificates and protocols are as strong as clients require.", _floor),)
