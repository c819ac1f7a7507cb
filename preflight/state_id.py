"""The id of a stack's state, which is a label of everything that Docker holds for the stack.

Names alone cannot tell apart two clones with a stack of the same name, or a store and one whose state was lost. The id
is derived from a key that is only in the state: everybody who deploys from the same state has the same id, on any
machine, and a restored state keeps it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

LABEL: Final = "repository-store.state"
KEY_TYPE: Final = "tls:index/privateKey:PrivateKey"
KEY_NAME: Final = "nexus-initial-password"


def state_id(public_key_fingerprint: str) -> str:
    """The id, 16 hexadecimal digits, from the key's SHA-256 fingerprint (its output `publicKeyFingerprintSha256`)."""
    return hashlib.sha256(public_key_fingerprint.encode()).hexdigest()[:16]


def state_id_in(resources: Sequence[Mapping[str, Any]]) -> str | None:
    """The id of a state, from its resources as `pulumi stack export` has them; None before the first `up`."""
    for resource in resources:
        if resource.get("type") == KEY_TYPE and str(resource.get("urn", "")).endswith(f"::{KEY_NAME}"):
            fingerprint = (resource.get("outputs") or {}).get("publicKeyFingerprintSha256")
            return state_id(fingerprint) if isinstance(fingerprint, str) else None
    return None
