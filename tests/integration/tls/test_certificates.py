"""Each source of certificates, and switching between them, while a client sends requests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.authority import Request
from tests.e2e.store.store import Store
from tests.integration.tls.requesting import Requesting
from tests.integration.tls.scan import Scan

TLS_1_3 = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
ECDSA = "TLS_ECDHE_ECDSA_WITH_"
TLS_1_2 = {f"{ECDSA}AES_128_GCM_SHA256", f"{ECDSA}AES_256_GCM_SHA384", f"{ECDSA}CHACHA20_POLY1305_SHA256"}


def requesting(store: Store, *authorities: str) -> Requesting:
    return Requesting(store.address, store.hostname, "\n".join(authorities))


def certificate_of(store: Store) -> str:
    return str(store.read_outputs()["ca_certificate_pem"])


def check_mozilla_profile(store: Store, ca_pem: str, folder: Path) -> Scan:
    ca = folder / "ca.pem"
    ca.write_text(ca_pem)
    scan = Scan(store.hostname, store.address, ca, folder)
    assert scan.passes_intermediate, scan.output
    assert [scan.suites(old) for old in ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1")] == [set()] * 4
    assert scan.suites("tls_1_2") == TLS_1_2
    assert scan.suites("tls_1_3") == TLS_1_3
    assert scan.chain["received_chain_has_valid_order"]
    assert scan.is_trusted_by_the_given_ca
    return scan


def test_a_self_signed_store_has_mozillas_profile(store: Store, tmp_path: Path) -> None:
    scan = check_mozilla_profile(store, certificate_of(store), tmp_path)
    assert scan.hsts is None  # with HSTS a browser would allow no exception for this certificate


def test_hsts_is_sent_if_enabled(store: Store, tmp_path: Path) -> None:
    store.configure("nginx.hsts", "true")
    try:
        store.make("up")
        scan = check_mozilla_profile(store, certificate_of(store), tmp_path)
    finally:
        store.unset("nginx.hsts")
    store.make("up")
    assert scan.hsts["max_age"] == 63072000


def let_the_leaf_expire_in_two_days(store: Store, folder: Path) -> None:
    """Changes the state as if the store had been deployed a year ago."""
    file = str(folder / "state.json")
    store.pulumi("stack", "export", "--file", file)
    state = json.loads(Path(file).read_text())
    (leaf,) = [each for each in state["deployment"]["resources"] if each["type"].endswith(":LocallySignedCert")]
    end = datetime.now(UTC) + timedelta(days=2)
    leaf["outputs"]["validityEndTime"] = end.strftime("%Y-%m-%dT%H:%M:%SZ")
    Path(file).write_text(json.dumps(state))
    code, output = store.pulumi("stack", "import", "--file", file)
    assert code == 0, output


def test_up_renews_an_expiring_leaf_and_keeps_the_ca(store: Store, tmp_path: Path) -> None:
    ca, started = certificate_of(store), store.started("nginx")
    let_the_leaf_expire_in_two_days(store, tmp_path)
    with requesting(store, ca) as client:
        store.make("up")
    assert client.failures == []
    assert len(client.serials) == 2
    assert certificate_of(store) == ca
    assert store.started("nginx") == started
    assert "nothing to change" in store.make("up")


def test_a_ca_rotation_fails_no_request(store: Store) -> None:
    """The three steps of docs/ca-rotation.md; during each, a client trusts the CAs of the previous step."""
    first = certificate_of(store)
    try:
        with requesting(store, first) as client:
            give(store, 1, 2)
        both = certificate_of(store)
        assert both.startswith(first)
        second = both.removeprefix(first)
        assert (client.failures, len(client.serials)) == ([], 1)
        with requesting(store, both) as client:
            give(store, 2, 1)
        assert (client.failures, len(client.serials)) == ([], 2)
        with requesting(store, second) as client:
            store.unset("tls.authorities[1]")
            store.make("up")
        assert (client.failures, len(client.serials)) == ([], 1)
        assert certificate_of(store) == second
        assert "nothing to change" in store.make("up")
    finally:
        store.unset("tls.authorities")
        store.make("up")


def give(store: Store, *authorities: int) -> None:
    for index, number in enumerate(authorities):
        store.configure(f"tls.authorities[{index}]", str(number))
    store.make("up")


def test_switching_the_source_takes_one_up_each_way(store: Store, provided: str, tmp_path: Path) -> None:
    own, started = certificate_of(store), store.started("nginx")
    for key, name in {"certificate": "chain", "privateKey": "key", "caCertificate": "ca"}.items():
        store.configure(f"tls.{key}", f"tls-test-{name}.pem")
    store.configure("tls.mode", "provided")
    try:
        with requesting(store, own, provided) as client:
            output = store.make("up")
        assert client.failures == []
        assert len(client.serials) == 2
        assert client.answered > 100
        assert "tls.certificate expires on" in output
        assert certificate_of(store) == provided
        check_mozilla_profile(store, provided, tmp_path)
        code, preview = store.preview("--refresh", "--expect-no-changes")
        assert code == 0, preview
    finally:
        store.unset("tls")
        with requesting(store, provided) as before:
            store.make("up")
    # Only the certificate of the new CA failed, since the client does not trust it.
    assert {failure for failure in before.failures if "CERTIFICATE_VERIFY_FAILED" not in failure} == set()
    assert store.started("nginx") == started


def test_a_key_of_another_certificate_is_refused_at_preview_and_the_store_keeps_serving(
    store: Store, provided: str
) -> None:
    store.configure("tls.mode", "provided")
    store.configure("tls.certificate", "tls-test-chain.pem")
    store.configure("tls.caCertificate", "tls-test-ca.pem")
    store.configure_secret("tls.privateKey", Request("other").issued_by(None).key_pem)
    try:
        code, output = store.preview()
    finally:
        store.unset("tls")
    assert code != 0
    assert "tls.privateKey: the key does not belong to 'CN=store'" in output
    assert "PRIVATE KEY" not in output
