"""A CA that this machine does not know is trusted only with its fingerprint, or after a question."""

import hashlib
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import SHUT_RDWR, create_server

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from cli.errors import CommandError
from cli.stack.authority import Place, trusted_authority
from tests.authority import Issued, Request

HOST = "nexus.domain.org"
NOW = datetime.now(UTC)
CA = Request("The CA", (), NOW - timedelta(days=1), NOW + timedelta(days=9)).issued_by(None)
FINGERPRINT = hashlib.sha256(CA.certificate.public_bytes(Encoding.DER)).hexdigest()


def leaf(host: str = HOST, ends: timedelta = timedelta(days=1), ca: Issued | None = CA) -> Issued:
    return Request("Store", (host,), NOW - timedelta(days=3), NOW + ends).issued_by(ca)


@contextmanager
def server(folder: Path, own: Issued, *chain: Issued) -> Iterator[tuple[Place, list[bytes]]]:
    """A server that sends these certificates, and what it could read."""
    pem = folder / "server.pem"
    pem.write_text(own.pem + own.key_pem + "".join(each.pem for each in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    read: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as tls:
                        read.append(tls.recv(65536))
                except OSError:
                    continue

    with create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield Place(f"https://{HOST}:{listener.getsockname()[1]}", "127.0.0.1"), read
        listener.shutdown(SHUT_RDWR)
    thread.join()


def trusted(place: Place, fingerprint: str = "", pem: str = "", *, asks: bool = False) -> str:
    return trusted_authority(place, pem=pem, fingerprint=fingerprint, asks=asks)


GROUPED = ":".join(FINGERPRINT[at : at + 2] for at in range(0, 64, 2)).upper()


@pytest.mark.parametrize("spelled", [FINGERPRINT, GROUPED], ids=["plain", "grouped"])
def test_the_right_fingerprint_is_trusted_in_both_spellings(tmp_path: Path, spelled: str) -> None:
    with server(tmp_path, leaf(), CA) as (place, read):
        assert trusted(place, spelled).split() == CA.pem.split()
    assert not any(read)


def test_a_certificate_that_signed_itself_is_its_own_authority(tmp_path: Path) -> None:
    own = leaf(ca=None)
    digest = hashlib.sha256(own.certificate.public_bytes(Encoding.DER)).hexdigest()
    with server(tmp_path, own) as (place, _):
        assert trusted(place, digest).split() == own.pem.split()


def test_one_that_this_machine_trusts_needs_no_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "known.pem").write_text(CA.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    with server(tmp_path, leaf()) as (place, _):
        assert trusted(place) == ""


def test_a_ca_that_the_user_names_needs_no_question(tmp_path: Path) -> None:
    with server(tmp_path, leaf()) as (place, _):
        assert trusted(place, pem=CA.pem) == CA.pem


@pytest.mark.parametrize(
    ("own", "chain", "given", "problem"),
    [
        (leaf(), [CA], "", "--fingerprint: the CA of the server is not known here, and nobody can be asked"),
        (leaf(), [CA], "00" * 32, "--fingerprint: the server sends another CA"),
        (leaf(), [], FINGERPRINT, "does not send the CA that signed it"),
        (leaf(), [Request("Another CA").issued_by(None)], FINGERPRINT, "cannot be verified"),
        (leaf("other.domain.org"), [CA], FINGERPRINT, "Hostname mismatch"),
        (leaf(ends=-timedelta(days=1)), [CA], FINGERPRINT, "certificate has expired"),
    ],
    ids=["nobody to ask", "another fingerprint", "no CA", "a CA that did not sign it", "another host", "expired"],
)
def test_anything_else_is_refused_in_a_line(
    tmp_path: Path, own: Issued, chain: list[Issued], given: str, problem: str
) -> None:
    with server(tmp_path, own, *chain) as (place, read), pytest.raises(CommandError) as refused:
        trusted(place, given)
    assert problem in str(refused.value)
    assert ". Fix: " in str(refused.value)
    assert not any(read)


@pytest.mark.parametrize("answer", ["yes", "no", ""])
def test_somebody_is_asked_with_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    (tmp_path / "typed").write_text(f"{answer}\n")
    with server(tmp_path, leaf(), CA) as (place, _), (tmp_path / "typed").open() as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        if answer == "yes":
            assert trusted(place, asks=True).split() == CA.pem.split()
        else:
            with pytest.raises(CommandError, match="the CA is not trusted, and nothing was made"):
                trusted(place, asks=True)
    shown = capsys.readouterr().err
    assert "CN=The CA" in shown
    assert FINGERPRINT in shown.replace(":", "").lower()


def test_a_server_that_does_not_answer_is_one_line() -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CommandError, match=f"https://{HOST}:{port}: it does not answer: Connection refused"):
        trusted(Place(f"https://{HOST}:{port}", "127.0.0.1"))
