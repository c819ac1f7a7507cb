"""The check of the program itself finds what the policy pack finds, in containers too."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.unit.program.test_program import DEPLOYED, PASSWORDS, ROOT

WITHOUT_WINDOW = {"compaction", "ssrf-protection", "cleanup-policy", "write-policy"}


def violated(config: dict[str, Any]) -> dict[str, str]:
    """The messages by rule; of several, the last."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("REPOSITORY_STORE")}
    output = subprocess.run(
        [sys.executable, "-m", "tests.unit.policy.declaring"],
        cwd=ROOT, env=environment, input=json.dumps(config), stdout=subprocess.PIPE, text=True, check=True,
    ).stdout  # fmt: skip
    found = (line.removeprefix("policy ").split(" (mandatory): ", 1) for line in output.splitlines() if line)
    return {rule: message for rule, message in found}


def test_a_store_as_shipped_violates_what_is_known_and_no_rule_on_containers() -> None:
    found = violated(DEPLOYED)
    assert found.keys() == WITHOUT_WINDOW | {"image-by-digest"}


def test_what_is_wrong_in_containers_certificates_and_passwords_is_found() -> None:
    wrong = {
        **DEPLOYED,
        "passwords": {**PASSWORDS, "admin": "admin123"},
        "nexus": {"stopTimeoutSeconds": 10},
        "email": {"enabled": True, "host": "mail.domain.org", "port": 25, "username": "x", "password": "hunter2",
                  "fromAddress": "a@domain.org"},
    }  # fmt: skip
    found = violated(wrong)
    assert {"stop-timeout", "admin-password", "https-only"} <= found.keys()
    assert not [message for message in found.values() if "hunter2" in message or "admin123" in message]
