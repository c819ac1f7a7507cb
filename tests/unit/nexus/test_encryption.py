"""Re-encryption of stored passwords is complete when the server's own check says so."""

from typing import Any

import pytest

from nexus.errors import NexusError
from nexus.kinds import encryption
from tests.integration.provider.fake_client import FakeClient

ORDER = "/v1/secrets/encryption/re-encrypt"
RUNNING = {"healthy": True, "message": "Re-encryption in progress. Check task logs for more information."}
DONE = {"healthy": True, "message": "All secrets using same encryption key. Re-encryption is not required."}
LEFT = {"healthy": False, "message": "Detected more than one encryption key in use. Re-encryption is required."}


class Server(FakeClient):
    """Gives the answers one after another, then repeats the last one."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        super().__init__(settings={ORDER: {}})
        self.answers = list(answers)
        self.asked = 0

    def get(self, path: str, **query: str) -> Any:
        if path != "/v1/status/check":
            return super().get(path, **query)
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return {"Re-encryption required": answer} if answer else {}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_PAUSE_SECONDS", 0)


def order(server: Server) -> None:
    encryption.ENCRYPTION.order(server, {"secretKeyId": "second"})  # type: ignore[arg-type]
    assert server.sent == [("PUT", ORDER, {"secretKeyId": "second"})]


def test_it_waits_while_the_task_exists() -> None:
    server = Server(RUNNING, RUNNING, DONE)
    order(server)
    assert server.asked == 3


def test_passwords_still_under_an_older_key_fail_the_up() -> None:
    with pytest.raises(NexusError, match=r"with the new key \(got .*\)\. Fix: keep the older keys, see the task log"):
        order(Server(RUNNING, LEFT))


def test_a_task_without_end_fails_the_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_SECONDS", -1)
    with pytest.raises(NexusError, match=r"minutes\. Fix: keep the older keys"):
        order(Server(RUNNING))


def test_a_release_without_the_check_is_not_waited_for() -> None:
    server = Server({})
    order(server)
    assert server.asked == 1
