"""The images of a stack are verified before anything is registered.

cosign is played by a script that records its arguments: building the real one takes longer than all other tools. The
options and the two spellings of an error are those in the sources of cosign 3.1.3; what a real cosign makes of a
registry and of a signature, no test here shows.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from policy.without_store import PACK
from preflight.image_signatures import unverified
from stacks.image_signatures import ImageSignatures

ROOT = Path(__file__).parents[3]
DIGEST = f"sha256:{64 * 'a'}"
NEXUS, NGINX = f"registry.domain.org/nexus3:3.95.2@{DIGEST}", f"registry.domain.org/nginx@{DIGEST}"
IMAGES = {"nexus.image": NEXUS, "nginx.image": NGINX}
KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
KEYLESS = {"certificateIdentity": "ops@domain.org", "certificateOidcIssuer": "https://accounts.domain.org"}


def signatures(**given: Any) -> ImageSignatures:
    return ImageSignatures.model_validate(given)


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def play(folder: Path, script: str = "") -> None:
    """Installs a fake cosign, which writes its arguments and its key beside itself."""
    command = folder / "cosign"
    recorded = f"printf '%s\\n' \"$*\" >>{folder}/asked\nprintf '%s' \"$COSIGN_PUBLIC_KEY\" >{folder}/key\n"
    command.write_text(f"#!/bin/sh\n{recorded}{script}\n")
    command.chmod(0o755)


def asked(folder: Path) -> list[str]:
    return sorted((folder / "asked").read_text().splitlines())


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"publicKey": KEY}, "--key=env://COSIGN_PUBLIC_KEY"),
        (
            {"publicKey": KEY, "transparencyLog": False},
            "--key=env://COSIGN_PUBLIC_KEY --insecure-ignore-tlog=true",
        ),
        (KEYLESS, "--certificate-identity=ops@domain.org --certificate-oidc-issuer=https://accounts.domain.org"),
    ],
)
def test_cosign_verifies_each_image(commands: Path, given: dict[str, Any], options: str) -> None:
    play(commands)
    assert unverified(IMAGES, signatures(**given)) == []
    assert asked(commands) == [f"verify --output=text {options} {image}" for image in (NEXUS, NGINX)]
    assert (commands / "key").read_text() == given.get("publicKey", "")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'Error: no signatures found' >&2; echo 'error during command execution: no' >&2", "no signatures found"),
        ("echo 'WARNING: a\nerror during command execution: no matching signatures: x\n y' >&2",
         "no matching signatures: x"),
        ("echo panic >&2", "panic"),
        ("true", "exit code 12"),
    ],
)  # fmt: skip
def test_an_image_that_is_not_verified_is_one_line(commands: Path, script: str, reason: str) -> None:
    play(commands, f'case "$*" in *{NGINX}) {script}; exit 12;; esac')
    (problem,) = unverified(IMAGES, signatures(publicKey=KEY))
    assert str(problem).startswith(f"nginx.image: cosign does not verify this image: {reason} (got {NGINX}). Fix: set")
    assert "\n" not in str(problem)


def test_without_cosign_nothing_is_taken_for_verified(commands: Path) -> None:
    (problem,) = unverified(IMAGES, signatures(publicKey=KEY))
    assert str(problem) == (
        "imageSignatures: there is no cosign command on this machine (allowed cosign 2 or newer on PATH, which verifies"
        " the images). Fix: install cosign, then run the command again"
    )


@pytest.mark.parametrize("code", [0, 1])
def test_the_program_registers_no_resource_of_an_image_that_is_not_verified(
    commands: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    play(commands, f"echo 'Error: no signatures found' >&2; exit {code}")
    (commands / "docker").write_text("#!/bin/sh\n")
    (commands / "docker").chmod(0o755)
    config = {
        "hostname": "nexus.domain.org",
        "passwords": {"admin": "the-password-of-admin"},
        "imageSignatures": {"publicKey": KEY},
        "nexus": {"image": NEXUS},
        "nginx": {"image": NGINX},
    }
    monkeypatch.setenv(PACK, "pack")
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.program.registering"],
        cwd=ROOT, input=json.dumps(config), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("RemoteImage" in done.stdout) == (code == 0), done.stderr
    assert ("nexus.image: cosign does not verify this image: no signatures found" in done.stderr) == (code == 1)
