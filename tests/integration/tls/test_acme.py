"""Certificates of a real ACME directory are renewed while a client sends fifty requests a second.

The tests depend on their order in the file: each continues with the store of the previous one.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.e2e.store.store import Failed, Store, outcome, run
from tests.integration.tls.acme_account import deactivate
from tests.integration.tls.conftest import NETWORK
from tests.integration.tls.dns_api import PASSWORD, USER, DnsApi
from tests.integration.tls.name_server import NameServer
from tests.integration.tls.pebble import Pebble
from tests.integration.tls.requesting import Requesting
from tests.integration.tls.test_certificates import certificate_of, check_mozilla_profile

CHECK_EVERY_SECONDS = 5
# lego tries each request six times, and asks for the renewal time before it renews.
LEGO_GIVES_UP_SECONDS = 180
KID, HMAC = "kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"


@pytest.fixture(scope="module")
def names(outside: str) -> Iterator[NameServer]:
    made = NameServer(NETWORK.address)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def pebble(names: NameServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pebble]:
    made = Pebble(names, 14000, tmp_path_factory.mktemp("pebble"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def acme(store: Store, pebble: Pebble) -> Iterator[None]:
    """Configures the store, which the first test applies."""
    store.configure("tls.mode", "acme")
    store.configure("tls.directory", pebble.directory)
    store.configure("tls.email", "ops@domain.org")
    store.configure("tls.checkEverySeconds", str(CHECK_EVERY_SECONDS))
    store.configure("tls.renewBeforeDays", "30")
    # On standard input, since an argument cannot start with a dash.
    store.configure_secret("tls.caBundle", pebble.roots)
    yield
    store.unset("tls")
    store.make("up")


def requesting(store: Store, *authorities: str) -> Requesting:
    return Requesting(store.address, store.hostname, "\n".join(authorities))


def file_of_acme(store: Store, name: str) -> str:
    code, output = outcome(["docker", "exec", store.container("acme"), "cat", f"/acme/{name}"])
    return output if code == 0 else ""


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def wait_for_a_renewal(store: Store) -> None:
    """Until no attempt has failed since the last certificate.

    Pebble keeps serial numbers without a leading zero byte, but lego names them with it (RFC 9773, 4.1), so that Pebble
    refuses to replace one certificate of 512.
    """
    try:
        wait_until(lambda: file_of_acme(store, "failure") == "", LEGO_GIVES_UP_SECONDS)
    except AssertionError:
        raise AssertionError(file_of_acme(store, "failure")) from None


def test_switching_to_acme_issues_a_certificate_and_drops_no_request(
    store: Store, pebble: Pebble, acme: None, tmp_path: Path
) -> None:
    own, started = certificate_of(store), store.started("nginx")
    with requesting(store, own, pebble.root) as client:
        store.make("up")
    assert client.failures == []
    assert len(client.serials) >= 2
    assert store.started("nginx") == started
    assert certificate_of(store) == pebble.roots.strip()
    scan = check_mozilla_profile(store, pebble.root, tmp_path)
    assert scan.hsts is None  # the directory is private


def test_a_second_up_changes_nothing(store: Store, acme: None) -> None:
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_nginx_cannot_change_the_certificate_and_others_cannot_read_the_key(store: Store, acme: None) -> None:
    nginx, key = store.container("nginx"), f"/etc/nginx/store/acme/{store.hostname}/tls.key"
    assert run(["docker", "exec", nginx, "stat", "-c", "%a %u:%g", key]).split() == ["640", "0:101"]
    assert outcome(["docker", "exec", nginx, "touch", key])[0] != 0


def test_port_80_redirects_everything_but_challenges(store: Store, acme: None) -> None:
    answer = requests.get(f"http://{store.hostname}/x", allow_redirects=False, timeout=10)
    assert answer.status_code == 308


def test_renewal_needs_no_up_and_drops_no_request(store: Store, pebble: Pebble, acme: None) -> None:
    started = store.started("nginx")
    with requesting(store, pebble.root) as client:
        time.sleep(6 * CHECK_EVERY_SECONDS)
        wait_until(lambda: len(client.serials) >= 3, LEGO_GIVES_UP_SECONDS)
    assert client.failures == []
    assert client.answered > 6 * CHECK_EVERY_SECONDS * 40
    assert store.started("nginx") == started


def test_a_certificate_that_the_directory_refuses_to_replace_is_renewed(
    store: Store, pebble: Pebble, acme: None
) -> None:
    unknown = of_another_serial_number(file_of_acme(store, path_of_certificate(store)))
    write = ["docker", "exec", "-i", store.container("acme"), "sh", "-c", f"cat >/acme/{path_of_certificate(store)}"]

    def is_refused() -> bool:
        if "badNonce" in file_of_acme(store, "failure"):
            return True
        run(write, text=unknown)  # again, since an attempt that is under way replaces it
        return False

    with requesting(store, pebble.root) as client:
        wait_until(is_refused, LEGO_GIVES_UP_SECONDS)
        wait_for_a_renewal(store)
    assert client.failures == []
    assert file_of_acme(store, path_of_certificate(store)) not in ("", unknown)


def test_the_certificate_is_served_at_once_after_a_restart(store: Store, pebble: Pebble, acme: None) -> None:
    run(["docker", "restart", store.container("acme"), store.container("nginx")])
    ca = pebble.root

    def serves() -> bool:
        with requesting(store, ca) as client:
            time.sleep(0.5)
        return client.answered > 0 and client.failures == []

    wait_until(serves, 30)


def path_of_certificate(store: Store) -> str:
    """Of lego's copy, below /acme."""
    found = run(["docker", "exec", store.container("acme"), "sh", "-c", "cat /acme/published"]).strip()
    return f"{found}/certificates/{store.hostname}.crt".removeprefix("/acme/")


def of_another_serial_number(chain: str) -> str:
    """The chain with a leaf that the directory has not issued; it answers 500, and badNonce when lego asks again."""
    leaf = x509.load_pem_x509_certificates(chain.encode())[0]
    builder = (
        x509.CertificateBuilder(extensions=list(leaf.extensions))
        .subject_name(leaf.subject)
        .issuer_name(leaf.issuer)
        .public_key(leaf.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(leaf.not_valid_before_utc)
        .not_valid_after(leaf.not_valid_after_utc)
    )
    made = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return chain.replace(leaf.public_bytes(Encoding.PEM).decode(), made.public_bytes(Encoding.PEM).decode())


@pytest.fixture
def dns_api(names: NameServer) -> Iterator[DnsApi]:
    made = DnsApi(names)
    yield made
    made.stop()


def test_the_dns_challenge_works(store: Store, pebble: Pebble, acme: None, names: NameServer, dns_api: DnsApi) -> None:
    store.configure("tls.challenge", "dns-01")
    store.configure("tls.dnsProvider", "httpreq")
    environment = {
        "HTTPREQ_ENDPOINT": dns_api.url,
        "HTTPREQ_USERNAME": USER,
        "LEGO_DNS_RESOLVERS": names.authority,
        "LEGO_DNS_PROPAGATION_WAIT": "1s",
    }
    for name, value in environment.items():
        store.configure(f"tls.dnsEnvironment.{name}", value)
    store.configure_secret("tls.dnsEnvironment.HTTPREQ_PASSWORD", PASSWORD)
    try:
        with requesting(store, pebble.root) as client:
            store.make("up")
    finally:
        for key in ("challenge", "dnsProvider", "dnsEnvironment"):
            store.unset(f"tls.{key}")
    wait_for_a_renewal(store)
    assert client.failures == []
    assert dns_api.records
    assert set(dns_api.records) == {f"_acme-challenge.{store.hostname}."}
    assert PASSWORD not in run(["docker", "inspect", store.container("acme")])
    assert PASSWORD not in store.logs("acme")


def test_while_the_directory_is_down_the_old_certificate_is_served_and_up_reports_it(
    store: Store, pebble: Pebble, acme: None
) -> None:
    with pebble.unreachable():
        wait_until(lambda: "connection refused" in file_of_acme(store, "failure"), LEGO_GIVES_UP_SECONDS)
        with requesting(store, pebble.root) as client:
            output = store.make("up")
    assert client.failures == []
    assert "the certificate was not renewed at " in output
    assert "connection refused" in output
    wait_for_a_renewal(store)


def test_a_deactivated_account_is_replaced_without_an_up(store: Store, pebble: Pebble, acme: None) -> None:
    find = "find /acme/lego -path '*/accounts/*' -name '*.KIND' -exec cat {} +"
    container = store.container("acme")
    account, key = (
        run(["docker", "exec", container, "sh", "-c", find.replace("KIND", kind)]) for kind in ("json", "key")
    )
    url = next(word for word in re.findall(r'"(https://[^"]+)"', account) if "/my-account/" in word)
    deactivate(pebble.directory, pebble.own, url, key)
    with requesting(store, pebble.root) as client:
        wait_until(lambda: "registering a new one" in store.logs("acme"))
        wait_until(lambda: len(client.serials) >= 2, LEGO_GIVES_UP_SECONDS)
    assert client.failures == []
    wait_for_a_renewal(store)


def test_an_unreachable_directory_fails_the_up_with_the_error(store: Store, pebble: Pebble, acme: None) -> None:
    store.configure("tls.directory", f"https://{NETWORK.address}:1/dir")
    with requesting(store, pebble.root) as client:
        with pytest.raises(Failed) as failed:
            store.make("up")
        store.configure("tls.directory", pebble.directory)
    assert client.failures == []
    assert "the ACME directory issued no certificate; nginx keeps its current one" in str(failed.value)
    assert "connection refused" in str(failed.value)


@pytest.fixture(scope="module")
def strict(names: NameServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pebble]:
    """A directory of another issuer, which requires external account binding."""
    made = Pebble(names, 24000, tmp_path_factory.mktemp("strict"), {KID: HMAC})
    yield made
    made.stop()


def test_a_change_of_directory_takes_one_up_and_the_external_account_key_stays_hidden(
    store: Store, pebble: Pebble, strict: Pebble, acme: None
) -> None:
    store.configure("tls.directory", strict.directory)
    store.configure_secret("tls.caBundle", pebble.roots + strict.roots)
    with requesting(store, pebble.root, strict.root) as client:
        with pytest.raises(Failed, match="requires External Account Binding"):
            store.make("up")
        store.configure("tls.eab.kid", KID)
        store.configure_secret("tls.eab.hmac", "A" * 64)
        with pytest.raises(Failed, match="external account binding JWS verification error"):
            store.make("up")
        store.configure_secret("tls.eab.hmac", HMAC)
        store.make("up")
    assert client.failures == []
    assert HMAC not in run(["docker", "inspect", store.container("acme")])
    assert HMAC not in store.logs("acme")
    with requesting(store, strict.root) as client:
        time.sleep(1)
    assert client.failures == []


def test_switching_from_acme_to_a_provided_certificate_takes_one_up(
    store: Store, strict: Pebble, acme: None, provided: str
) -> None:
    started, ca = store.started("nginx"), strict.root
    store.unset("tls")
    for key, name in {"certificate": "chain", "privateKey": "key", "caCertificate": "ca"}.items():
        store.configure(f"tls.{key}", f"tls-test-{name}.pem")
    store.configure("tls.mode", "provided")
    with requesting(store, ca, provided) as client:
        store.make("up")
    assert client.failures == []
    assert len(client.serials) >= 2
    assert store.started("nginx") == started
    assert outcome(["docker", "inspect", store.container("acme")])[0] != 0
