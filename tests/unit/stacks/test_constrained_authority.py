"""The commands of docs/certificates.md for a CA that can sign for one name, in the openssl of this machine."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from stacks.rules.certificate_rules import problems

DOCS = Path(__file__).parents[3] / "docs" / "certificates.md"
NAME, ADDRESS = "nexus.domain.org", "192.0.2.7"
COMMANDS = re.search(r"### A CA that can sign.*?```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)


def run(folder: Path, script: str, name: str = NAME, address: str = ADDRESS) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "NAME": name, "ADDRESS": address}
    command = ["sh", "-euc", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    assert COMMANDS
    done = run(tmp_path, COMMANDS[1])
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_stack_takes_the_chain(made: Path) -> None:
    chain, key, ca = ((made / name).read_text() for name in ("chain.pem", "leaf.key", "ca.pem"))
    assert problems(NAME, chain, SecretStr(key), ca) == []
    verified = run(made, f"openssl verify -CAfile ca.pem -verify_hostname {NAME} leaf.pem")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.parametrize(("name", "address"), [("bank.example", ADDRESS), (NAME, "192.0.2.8")])
def test_what_its_key_signs_for_another_host_counts_nowhere(made: Path, name: str, address: str) -> None:
    assert COMMANDS
    forging = COMMANDS[1].partition("openssl req -new")
    done = run(made, forging[1] + forging[2], name, address)
    assert done.returncode == 0, done.stderr
    verified = run(made, "openssl verify -CAfile ca.pem leaf.pem")
    assert verified.returncode != 0
    assert "permitted subtree violation" in verified.stderr
