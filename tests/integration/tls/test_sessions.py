"""Clients can resume TLS sessions."""

from pathlib import Path

import pytest

from tests.e2e.store.store import Store, run


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_session_is_resumed(store: Store, tmp_path: Path, version: str) -> None:
    saved = str(tmp_path / "session")
    connect = ["openssl", "s_client", "-connect", f"{store.address}:443", "-servername", store.hostname]
    connect += ["-CAfile", str(store.ca), "-verify_return_error", version, "-ign_eof"]
    request = f"GET /v2/ HTTP/1.0\nHost: {store.hostname}\n\n"
    assert "New, TLSv1" in run([*connect, "-sess_out", saved], text=request)
    assert "Reused, TLSv1" in run([*connect, "-sess_in", saved], text=request)
