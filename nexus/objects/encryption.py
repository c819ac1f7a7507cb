"""Waits until Nexus has re-encrypted its stored passwords with another key, which it does in a background task.

No list shows that task. A health check tells whether it is running, and whether passwords under several keys remain:
`ReEncryptionRequiredHealthCheck` of nexus-public 3.77.
"""

import time

from nexus.advice import ENCRYPTION_KEYS
from nexus.errors import NexusError
from nexus.http.client import NexusClient
from nexus.problem import Problem

_CHECKS = "/v1/status/check"
_CHECK = "Re-encryption required"
_IN_PROGRESS = "in progress"
_PAUSE_SECONDS = 1.0
_SECONDS = 900


def wait_until_encrypted(client: NexusClient) -> None:
    """Returns when every stored password is encrypted with the new key, so that older keys may be removed.

    Raises:
        NexusError: the task has ended before that, or is still running after 15 minutes.
    """
    deadline = time.monotonic() + _SECONDS
    while True:
        found = client.get(_CHECKS).get(_CHECK)
        if found is None:  # a release without the check
            return
        message = str(found.get("message") or "")
        if _IN_PROGRESS not in message.lower():
            break
        if time.monotonic() > deadline:
            raise NexusError(
                Problem(
                    ENCRYPTION_KEYS,
                    f"Nexus is still encrypting its stored passwords after {_SECONDS // 60} minutes",
                    fix="keep the older keys, and run make up again when its task has ended",
                )
            )
        time.sleep(_PAUSE_SECONDS)
    if not found.get("healthy"):
        raise NexusError(
            Problem(
                ENCRYPTION_KEYS,
                "not every stored password is encrypted with the new key",
                fix="keep the older keys, see the task log in Nexus, and run make up again",
                got=message,
            )
        )
