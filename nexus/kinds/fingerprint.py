"""How Nexus names a certificate: by its SHA-1 fingerprint."""

import hashlib
import ssl
from collections.abc import Mapping
from typing import Any


def fingerprint(body: Mapping[str, Any]) -> str:
    """The fingerprint of the certificate under `pem`; line breaks in its text do not matter.

    Raises:
        ValueError: there is no certificate.
    """
    certificate = ssl.PEM_cert_to_DER_cert(str(body.get("pem", "")).strip())
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest()
