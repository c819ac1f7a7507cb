"""Deactivates an account at an ACME directory with its key (RFC 8555)."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_BYTES = 32


def deactivate(directory: str, ca: Path, account: str, key_pem: str) -> None:
    """Deactivates the account; the directory then refuses its requests."""
    new_nonce = requests.get(directory, verify=str(ca), timeout=5).json()["newNonce"]
    while True:
        nonce = requests.head(new_nonce, verify=str(ca), timeout=5).headers["Replay-Nonce"]
        protected = _text({"alg": "ES256", "kid": account, "nonce": nonce, "url": account})
        payload = _text({"status": "deactivated"})
        signature = _base64(_sign(f"{protected}.{payload}".encode(), key_pem))
        answer = requests.post(
            account,
            data=json.dumps({"protected": protected, "payload": payload, "signature": signature}),
            headers={"Content-Type": "application/jose+json"},
            verify=str(ca),
            timeout=5,
        )
        if "badNonce" in answer.text:
            continue
        answer.raise_for_status()
        assert answer.json()["status"] == "deactivated"
        return


def _sign(content: bytes, key_pem: str) -> bytes:
    key = load_pem_private_key(key_pem.encode(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return b"".join(part.to_bytes(_BYTES) for part in decode_dss_signature(key.sign(content, ECDSA(hashes.SHA256()))))


def _text(value: dict[str, str]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
