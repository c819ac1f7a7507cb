"""`imageSignatures` with a real cosign, images and signatures in a registry on loopback: `make signatures COSIGN=FILE`.

Nothing leaves this machine: requests to others go to a proxy that does not exist, so a signature that has to be in
Sigstore's log, and one without a key, are only seen to be refused.
"""

import os
import subprocess
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from preflight.image_signatures import unverified
from stacks.image_signatures import ImageSignatures
from tests.support.ports import free_port, listens
from tests.support.tools import oci_clients

CONFIGURATION = """version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}/registry}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""
NOWHERE = "http://127.0.0.1:1"
FORMATS = {
    "bundle": ("--signing-config=no-log.json",),
    "as cosign 2 does": ("--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false"),
}


@dataclass(frozen=True)
class Registry:
    """A registry with images of ours, and the keys that sign them."""

    folder: Path
    port: int
    clients: Path

    def run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def crane(self, *arguments: str) -> str:
        return self.run(str(self.clients / "crane"), *arguments)

    def push(self, name: str) -> str:
        """Pushes an image; its reference with the digest."""
        content, tag = self.folder / name, f"localhost:{self.port}/team/{name}"
        content.write_text(name)
        with tarfile.open(f"{content}.tar", "w") as tar:
            tar.add(content, name)
        self.crane("append", "--oci-empty-base", f"--new_layer={content}.tar", f"--new_tag={tag}:1")
        return f"{tag}@{self.crane('digest', f'{tag}:1')}"

    def sign(self, image: str, key: str, form: str = "bundle") -> None:
        self.run("cosign", "sign", "--yes", f"--key={key}.key", *FORMATS[form], image)

    def signatures(self, key: str, log: bool = False) -> ImageSignatures:
        public_key = (self.folder / f"{key}.pub").read_text()
        return ImageSignatures.model_validate({"publicKey": public_key, "transparencyLog": log})


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    given = Path(os.environ.get("COSIGN", ""))
    assert given.is_file(), "there is no cosign to test with. Fix: make signatures COSIGN=FILE"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "cosign").symlink_to(given.resolve())
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    clients = oci_clients()
    for name, value in {"TUF_ROOT": str(tmp_path / "tuf"), "COSIGN_PASSWORD": "secret", "HTTPS_PROXY": NOWHERE}.items():
        monkeypatch.setenv(name, value)
    made = Registry(tmp_path, free_port(), clients)
    (tmp_path / "registry.yaml").write_text(CONFIGURATION.format(folder=tmp_path, port=made.port))
    for key in ("ours", "theirs"):
        made.run("cosign", "generate-key-pair", f"--output-key-prefix={key}")
    (tmp_path / "no-log.json").write_text(made.run("cosign", "signing-config", "create"))
    with (tmp_path / "registry.log").open("w") as log:
        process = subprocess.Popen(["docker-registry", "serve", tmp_path / "registry.yaml"], stdout=log, stderr=log)
    try:
        while not listens(made.port):
            assert process.poll() is None, (tmp_path / "registry.log").read_text()
            time.sleep(0.05)
        yield made
    finally:
        process.terminate()
        process.wait()


def refusals(signatures: ImageSignatures, *images: str) -> list[str]:
    """The messages for those of the images that are refused, in their order."""
    return [
        str(problem)
        for problem in unverified({f"{number}.image": each for number, each in enumerate(images)}, signatures)
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_an_image_that_our_key_has_signed_is_accepted(registry: Registry, form: str) -> None:
    image = registry.push("signed")
    registry.sign(image, "ours", form)
    assert refusals(registry.signatures("ours"), image) == []


@pytest.mark.parametrize("form", FORMATS)
def test_an_image_that_another_key_has_signed_is_refused(registry: Registry, form: str) -> None:
    image = registry.push("signed")
    registry.sign(image, "theirs", form)
    assert refusals(registry.signatures("theirs"), image) == []
    (refusal,) = refusals(registry.signatures("ours"), image)
    assert refusal.startswith("0.image: cosign does not verify this image: no matching ")


def test_an_unsigned_image_is_refused_beside_a_signed_one(registry: Registry) -> None:
    signed, unsigned = registry.push("signed"), registry.push("unsigned")
    registry.sign(signed, "ours")
    (refusal,) = refusals(registry.signatures("ours"), signed, unsigned)
    assert refusal.startswith("1.image: cosign does not verify this image: no signatures found (got localhost:")


@pytest.mark.parametrize("form", FORMATS)
def test_the_signature_of_another_image_is_refused(registry: Registry, form: str) -> None:
    """By somebody who may write to the registry, and puts it where the signature of the image belongs."""
    signed, other = registry.push("signed"), registry.push("other")
    registry.sign(signed, "ours", form)
    repository, digest = signed.split("@")
    (tag,) = (tag for tag in registry.crane("ls", repository).splitlines() if digest.replace(":", "-") in tag)
    wanted = tag.replace(digest.replace(":", "-"), other.split("@")[1].replace(":", "-"))
    registry.crane("copy", f"{repository}:{tag}", f"{other.split('@')[0]}:{wanted}")
    (refusal,) = refusals(registry.signatures("ours"), other)
    assert refusal.startswith("0.image: cosign does not verify this image: ")


def test_a_signature_that_is_in_no_log_is_refused_unless_the_settings_allow_it(registry: Registry) -> None:
    image = registry.push("signed")
    registry.sign(image, "ours", "as cosign 2 does")
    (refusal,) = refusals(registry.signatures("ours", log=True), image)
    assert refusal.startswith("0.image: cosign does not verify this image: ")


def test_a_keyless_signature_is_asked_for_with_options_that_cosign_knows(registry: Registry) -> None:
    """It is refused where Sigstore's roots cannot be fetched, and not for the options."""
    image = registry.push("signed")
    registry.sign(image, "ours")
    keyless = {"certificateIdentity": "ops@domain.org", "certificateOidcIssuer": "https://accounts.domain.org"}
    (refusal,) = refusals(ImageSignatures.model_validate(keyless), image)
    assert "trusted root" in refusal
