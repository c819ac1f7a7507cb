"""Which CA signed a server's certificate, and whether the user trusts it."""

import hashlib
import socket
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cli.console import say
from cli.errors import CommandError

_SECONDS = 10.0
_NOT_VERIFIED = "its certificate cannot be verified"


@dataclass(frozen=True)
class Place:
    """Where a server is reached: its name, and the address that replaces its lookup."""

    url: str
    address: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def chain(self, context: ssl.SSLContext) -> list[bytes]:
        """The certificates that the server sends, in DER, after a handshake and before any request."""
        port = urlsplit(self.url).port or 443
        with (
            socket.create_connection((self.address or self.host, port), _SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=self.host) as secured,
        ):
            return _sent(secured)


def trusted_authority(place: Place, *, pem: str, fingerprint: str, asks: bool) -> str:
    """The CA to trust, in PEM; empty if this machine trusts the certificate already.

    Args:
        pem: the CA that the user names; empty asks about the one that the server sends.
        fingerprint: its SHA-256 fingerprint as the user knows it, which answers the question.
        asks: whether there is somebody to ask.

    Raises:
        CommandError: the server does not answer, or its certificate stays untrusted.
    """
    problem = _distrust(place, pem)
    if not problem:
        return pem
    if pem or not _is_of_unknown_authority(problem):
        raise _refused(place, problem.verify_message)
    root = _root(place)
    authority = ssl.DER_cert_to_PEM_cert(root)
    if problem := _distrust(place, authority):
        raise _refused(place, problem.verify_message)
    found = hashlib.sha256(root).hexdigest()
    if fingerprint:
        _compare(found, fingerprint)
    else:
        _ask(place, root, found, asks=asks)
    return authority


def _distrust(place: Place, pem: str) -> ssl.SSLCertVerificationError | None:
    """Why the server's certificate is not trusted; None if it is."""
    try:
        place.chain(ssl.create_default_context(cadata=pem or None))
    except ssl.SSLCertVerificationError as error:
        return error
    except (OSError, ValueError) as error:
        raise CommandError(place.url, f"it does not answer: {getattr(error, 'strerror', None) or error}") from None
    return None


def _is_of_unknown_authority(error: ssl.SSLCertVerificationError) -> bool:
    """Whether only its CA is missing (X509_V_ERR_* of OpenSSL), and not its host name or time wrong."""
    return error.verify_code in (18, 19, 20, 21)


def _root(place: Place) -> bytes:
    """The CA at the end of the server's chain. Nothing is sent over a connection that was not verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for der in reversed(place.chain(context)):
        if _certificate(der).issuer == _certificate(der).subject:
            return der
    raise CommandError(
        place.url,
        f"{_NOT_VERIFIED}, and it does not send the CA that signed it",
        allowed="a server that sends its whole chain, or the CA in a file",
        fix="NEXUS_CA=FILE in the environment, with the CA certificate in PEM",
    )


def _sent(secured: ssl.SSLSocket) -> list[bytes]:
    connection: Any = secured
    if hasattr(secured, "get_unverified_chain"):  # from Python 3.13 on
        return list(connection.get_unverified_chain())
    certificates: Sequence[Any] = connection._sslobj.get_unverified_chain() or ()
    return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in certificates]


def _ask(place: Place, root: bytes, found: str, *, asks: bool) -> None:
    certificate = _certificate(root)
    say(f"{place.url} has a certificate of a CA that this machine does not know:")
    say(f"    {certificate.subject.rfc4514_string()}")
    say(f"    valid until {certificate.not_valid_after_utc:%Y-%m-%d}")
    say(f"    SHA-256 {_grouped(found)}")
    if not asks:
        raise CommandError(
            "--fingerprint",
            "the CA of the server is not known here, and nobody can be asked",
            allowed="the SHA-256 fingerprint of its CA",
            fix="compare it with `openssl x509 -in CA -noout -fingerprint -sha256` on the server, then give it with "
            "--fingerprint",
        )
    print("Compare the fingerprint with the server's. Type yes to trust this CA: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != "yes":
        raise CommandError("adopt", "the CA is not trusted, and nothing was made")


def _compare(found: str, given: str) -> None:
    if given.replace(":", "").strip().lower() != found:
        raise CommandError(
            "--fingerprint",
            "the server sends another CA",
            got=given,
            allowed=_grouped(found),
            fix="find out on the server which of the two is its CA: another one may be a man in the middle",
        )


def _grouped(digest: str) -> str:
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


def _certificate(der: bytes) -> Any:
    from cryptography import x509  # late, since few commands need it

    return x509.load_der_x509_certificate(der)


def _refused(place: Place, reason: str) -> CommandError:
    return CommandError(
        place.url,
        f"{_NOT_VERIFIED}: {reason}",
        allowed="a valid certificate for this name",
        fix="give the server another certificate, or NEXUS_CA=FILE with the CA that signed it",
    )
