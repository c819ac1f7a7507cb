"""Rules on keys and certificates. The protocols that nginx speaks are in a secret, which no policy sees."""

from collections.abc import Iterator

from policy.rule import Resource, ResourceRule

_RSA_BITS = 2048
_HOURS_A_DAY = 24
# Browsers refuse a certificate that is valid for longer.
_LEAF_DAYS = 398
_TYPES = ("tls:index/privateKey:PrivateKey", "tls:index/locallySignedCert:LocallySignedCert")


def _floor(resource: Resource) -> Iterator[str]:
    if resource.type == _TYPES[0]:
        yield from _key(resource)
    elif resource.type == _TYPES[1]:
        days = resource.at("validityPeriodHours", otherwise=0) / _HOURS_A_DAY
        if days > _LEAF_DAYS:
            yield f"{resource.title} is valid for {days:.0f} days: set tls.validityDays to {_LEAF_DAYS - 1} or less"


def _key(resource: Resource) -> Iterator[str]:
    algorithm = resource.at("algorithm")
    bits = resource.at("rsaBits", otherwise=_RSA_BITS)
    if algorithm == "RSA" and bits < _RSA_BITS:
        yield f"the key {resource.title} has {bits:.0f} bits: use {_RSA_BITS} or more, or ECDSA"
    # P224 is what the provider takes when no curve is named.
    if algorithm == "ECDSA" and resource.at("ecdsaCurve", otherwise="P224") == "P224":
        yield f"the key {resource.title} is on the curve P224, which clients do not take: use P256 or more"


RULES = (ResourceRule("tls-floor", "Keys and certificates are as strong as clients want them.", _floor),)
