"""Rules for the certificate of `tls.mode: provided`; stacks with other modes do not import this module."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.utils import CryptographyDeprecationWarning
from pydantic import SecretStr

from nexus.problem import Problem

CERTIFICATE, KEY, ROOTS = "tls.certificate", "tls.privateKey", "tls.caCertificate"
# nginx's OpenSSL accepts no shorter key.
_RSA_BITS = 2048
_RENEW = f"renew it, then: pulumi config set --secret --path {CERTIFICATE} < chain.pem"


def problems(
    hostname: str, certificate: str, private_key: SecretStr, ca_certificate: str | None, now: datetime | None = None
) -> list[Problem]:
    """Every reason why clients or nginx would refuse the certificate; without `ca_certificate` public roots count."""
    try:
        chain = _certificates(CERTIFICATE, certificate)
        roots = _certificates(ROOTS, ca_certificate) if ca_certificate else _public_roots()
        key = _private_key(private_key.get_secret_value())
    except _Unreadable as unreadable:
        return [unreadable.problem]
    return [
        *_key_fits(chain, key),
        *_chain(chain, roots),
        *_names(chain[0], hostname),
        *(problem for each in chain for problem in _validity(each, now or datetime.now(UTC))),
    ]


def expiry_warning(certificate: str, renew_before_days: int, now: datetime | None = None) -> str | None:
    """A warning if the leaf or a CA in its chain must be renewed soon."""
    end = min(each.not_valid_after_utc for each in _certificates(CERTIFICATE, certificate))
    if end - (now or datetime.now(UTC)) > timedelta(days=renew_before_days):
        return None
    return f"{CERTIFICATE} expires on {_day(end)}: {_RENEW}"


class _Unreadable(Exception):
    def __init__(self, key: str, found: str, allowed: str) -> None:
        self.problem = Problem(key, found, allowed, f"pulumi config set --secret --path {key} < FILE.pem")
        super().__init__(str(self.problem))


def _certificates(key: str, pem: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise _Unreadable(key, "no certificate can be read from it", "PEM certificates, the leaf first") from None


def _public_roots() -> list[x509.Certificate]:
    with open(certifi.where(), "rb") as bundle, warnings.catch_warnings():
        # One public root has a serial number that today's rules forbid.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_pem_x509_certificates(bundle.read())


def _private_key(pem: str) -> PrivateKeyTypes:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise _Unreadable(KEY, "the key is encrypted", "a PEM key without a passphrase (openssl pkey)") from None
    except ValueError:
        raise _Unreadable(KEY, "no private key can be read from it", "an ECDSA or RSA key in PEM") from None
    if isinstance(key, RSAPrivateKey) and key.key_size < _RSA_BITS:
        raise _Unreadable(KEY, f"an RSA key of {key.key_size} bits", f"ECDSA, or RSA with at least {_RSA_BITS} bits")
    return key


def _key_fits(chain: Sequence[x509.Certificate], key: PrivateKeyTypes) -> Iterator[Problem]:
    if chain[0].public_key() == key.public_key():
        return
    fitting = next((certificate for certificate in chain if certificate.public_key() == key.public_key()), None)
    if fitting:
        found = f"the key belongs to {_title(fitting)}, which is not the first"
        yield Problem(CERTIFICATE, found, "the leaf first, then the CAs that signed it", "put the leaf first")
    else:
        found = f"the key does not belong to {_title(chain[0])}"
        yield Problem(KEY, found, "the key with which that certificate was requested", f"set {KEY} to that key")


def _chain(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> Iterator[Problem]:
    allowed = "the leaf, then each CA that signed the one before"
    for below, above in pairwise(chain):
        if not _signed(below, above):
            found = f"{_title(above)} follows {_title(below)} but did not sign it"
            yield Problem(CERTIFICATE, found, allowed, f"put {_name(below.issuer)} after {_title(below)}")
            return
    last = chain[-1]
    if last in roots or any(_signed(last, root) for root in roots):
        return
    if _signed(last, last):
        found = f"{_title(last)} is self-signed and not a root that clients trust"
        fix = f"pulumi config set --path {ROOTS} < ca.pem, or: pulumi config set --path tls.mode selfSigned"
    else:
        found = f"the chain ends with {_title(last)}; {_name(last.issuer)}, which signed it, is missing"
        fix = f"append {_name(last.issuer)}, or give the root of a private CA as {ROOTS}"
    yield Problem(CERTIFICATE, found, f"a chain up to a public root or one of {ROOTS}", fix)


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _names(leaf: x509.Certificate, hostname: str) -> Iterator[Problem]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = extension.value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    if not any(name.lower() in (hostname, f"*.{hostname.partition('.')[2]}") for name in names):
        found = f"{_title(leaf)} is for {', '.join(names) or 'no DNS name (its subject alone does not count)'}"
        allowed = f"a certificate with {hostname} among its subject alternative names"
        yield Problem(CERTIFICATE, found, allowed, f"have one issued for {hostname}, or change hostname")


def _validity(certificate: x509.Certificate, now: datetime) -> Iterator[Problem]:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    allowed = "certificates that are valid now"
    if now > end:
        yield Problem(CERTIFICATE, f"{_title(certificate)} expired on {_day(end)}", allowed, _RENEW)
    if now < begin:
        found = f"{_title(certificate)} is not valid before {_day(begin)}"
        yield Problem(CERTIFICATE, found, allowed, f"wait until then, or check this machine's clock ({_day(now)})")


def _title(certificate: x509.Certificate) -> str:
    return _name(certificate.subject)


def _name(name: x509.Name) -> str:
    return f"'{name.rfc4514_string()}'"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
