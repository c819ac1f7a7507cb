"""Has Nexus re-encrypt its stored passwords with another key, which it does in a background task.

No list shows that task. A health check tells whether it is running, and whether passwords under several keys remain:
`ReEncryptionRequiredHealthCheck` of nexus-public 3.77.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexus.advice import ENCRYPTION_KEYS
from nexus.errors import NexusError, Rejected
from nexus.kinds.base import Props
from nexus.kinds.special import Special
from nexus.model import Ref
from nexus.problem import Problem

if TYPE_CHECKING:
    from nexus.http.client import NexusClient
    from nexus.session import Session

_CHECKS = "/v1/status/check"
_CHECK = "Re-encryption required"
_IN_PROGRESS = "in progress"
_PAUSE_SECONDS = 1.0
_SECONDS = 900
_BUSY_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)


class Encryption(Special):
    """A request that is sent each time the key changes; nothing is read back or undone."""

    def added(self, session: Session, ref: Ref, props: Props) -> None:
        self.order(session.writing().client, props["body"])

    def changed(self, session: Session, ref: Ref, olds: Props, news: Props) -> None:
        self.order(session.writing().client, news["body"])

    def order(self, client: NexusClient, body: Mapping[str, Any]) -> None:
        """Sends it, again while the server is busy with an earlier one, and waits until that has ended."""
        for wait in (*_BUSY_WAITS, None):
            try:
                client.put(self.item, dict(body))
                return wait_until_encrypted(client)
            except Rejected as error:
                if wait is None or "already running" not in str(error):
                    raise
                time.sleep(wait)
        return None


ENCRYPTION = Encryption(token="Encryption", item="/v1/secrets/encryption/re-encrypt")


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
