"""The check of the program itself finds what the policy pack finds, in containers too."""

from typing import Any

from tests.unit.program.forks import printed
from tests.unit.program.test_program import DEPLOYED, PASSWORDS

WITHOUT_WINDOW = {"compaction", "ssrf-protection", "cleanup-policy", "write-policy"}


def violated(config: dict[str, Any], engine: dict[str, str]) -> dict[str, str]:
    """The messages by rule; of several, the last."""
    output = printed("tests.unit.policy.declaring", config, engine)
    found = (line.split(" ", 1) for line in output.splitlines() if line)
    return {rule: message for rule, message in found}


def test_a_store_as_shipped_violates_what_is_known_and_no_rule_on_containers(empty_engine: dict[str, str]) -> None:
    found = violated(DEPLOYED, empty_engine)
    assert found.keys() == WITHOUT_WINDOW | {"image-by-digest"}


def test_what_is_wrong_in_containers_certificates_and_passwords_is_found(empty_engine: dict[str, str]) -> None:
    wrong = {
        **DEPLOYED,
        "passwords": {**PASSWORDS, "admin": "admin123"},
        "nexus": {"stopTimeoutSeconds": 10},
        "email": {"enabled": True, "host": "mail.domain.org", "port": 25, "username": "x", "password": "hunter2",
                  "fromAddress": "a@domain.org"},
    }  # fmt: skip
    found = violated(wrong, empty_engine)
    assert {"stop-timeout", "admin-password", "https-only"} <= found.keys()
    assert not [message for message in found.values() if "hunter2" in message or "admin123" in message]
