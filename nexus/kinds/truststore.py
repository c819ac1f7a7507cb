"""Certificates that Nexus trusts. It names each by its SHA-1 fingerprint."""

import hashlib
import ssl
from collections.abc import Mapping
from typing import Any

from nexus.kinds.base import Collection
from nexus.kinds.form import Body
from nexus.model import Ref


def fingerprint(body: Mapping[str, Any]) -> str:
    """The fingerprint of the certificate under `pem`; line breaks in its text do not matter.

    Raises:
        ValueError: there is no certificate.
    """
    certificate = ssl.PEM_cert_to_DER_cert(str(body.get("pem", "")).strip())
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest()


class TrustedCertificate(Collection):
    """A certificate is the same, however its text is broken into lines."""

    def name_of(self, entry: Mapping[str, Any]) -> str:
        return str(entry.get("subjectCommonName") or entry["id"]).lower().replace(" ", "-")

    def declarable(self, ref: Ref, live: Mapping[str, Any]) -> Body:
        return {"pem": live["pem"]}

    def differing(self, ref: Ref, live: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        return [] if live and fingerprint(live) == fingerprint(body) else ["pem"]


TRUSTSTORE = TrustedCertificate(
    token="TrustedCertificate",
    section="truststore",
    create="/v1/security/ssl/truststore",
    remove="/v1/security/ssl/truststore/{id}",
    listing="/v1/security/ssl/truststore",
    identity="",
    id_field="id",
    key=fingerprint,
    body_key="pem",
    replaces=frozenset({("pem",)}),
)
