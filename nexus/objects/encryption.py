"""What follows the order to encrypt the stored passwords with another key, which Nexus does in a task of its own.

No list shows that task. A health check tells whether it is there, and whether passwords under several keys are left:
`ReEncryptionRequiredHealthCheck` of nexus-public 3.77.
"""

import time

from nexus.errors import NexusError
from nexus.http.client import NexusClient

_CHECKS = "/v1/status/check"
_CHECK = "Re-encryption required"
_IN_PROGRESS = "in progress"
_PAUSE_SECONDS = 1.0
_SECONDS = 900


def wait_until_encrypted(client: NexusClient) -> None:
    """Returns when every stored password is under the new key, so that older ones may go.

    Raises:
        NexusError: the task has ended before that, or is not done after 15 minutes.
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
                f"nexus.encryptionKeys: Nexus is still encrypting its stored passwords after {_SECONDS // 60} minutes:"
                " keep the older keys. Fix: run up again when its task is done"
            )
        time.sleep(_PAUSE_SECONDS)
    if not found.get("healthy"):
        raise NexusError(
            f"nexus.encryptionKeys: not every stored password is encrypted with the new key ({message}): keep the older"
            " keys. Fix: see the task log in Nexus, then run up again"
        )
