"""The images of a stack of this machine: the published ones, or those of lab/images if no registry answers.

A stack whose file names neither gets Sonatype's image if it can be pulled. If no registry answers at all, it gets the
stand-in, and the image is recorded: a later command tries again and prints how to switch, but never switches itself.
"""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.console import say
from cli.docker import Docker, reason_in
from cli.errors import CommandError
from cli.machine import engine
from cli.machine.built_images import image_steps, is_there, reference
from cli.machine.pulls import nothing_answers, remedy
from cli.machine.registry_look import registry_answers
from cli.machine.step import Step
from cli.paths import LOCAL
from cli.stack.stack import Stack
from lab.images.images import IMAGES
from lab.running import Job
from stacks import layout

_SECONDS_BETWEEN_LOOKS = 24 * 60 * 60
_NEXUS = "nexus-stand-in"
_CERTIFICATE_CLIENTS = {layout.ACME: "lego"}


def wanted_image(stack: Stack) -> str:
    """The Nexus image of the stack file, or the default."""
    return stack.settings.nexus.image


@dataclass
class WantedImages:
    """The steps for the images of one stack, and their result."""

    stack: Stack
    kind: str = ""

    def steps(self) -> list[Step]:
        """No steps if the stack file asks for the published images: Pulumi pulls those, after verifying any signatures.

        Raises:
            CommandError: a package is missing that this user cannot install.
        """
        self.kind = str(self.stack.settings.given("nexus.kind") or "")
        host = self.stack.docker_host
        if self.kind == "stand-in":
            _suggest_published_image(self.stack)
            return image_steps(self._built(), host)
        is_signed = bool(self.stack.settings.given("imageSignatures"))
        if self.kind or is_signed:
            return []
        image = wanted_image(self.stack)
        if is_there(image, host):
            self.kind = "sonatype"
            return []
        return [Step(f"image {image}", 120, self._pull, after=(engine.STEP,))]

    def settings(self) -> dict[str, str]:
        """The settings for the stack file, once the steps are done."""
        if self.kind != "stand-in":
            return {"nexus.kind": self.kind} if self.kind and not self.stack.settings.given("nexus.kind") else {}
        keys = {_NEXUS: "nexus.image", "nginx": "nginx.image"} | dict.fromkeys(
            _CERTIFICATE_CLIENTS.values(), "tls.image"
        )
        made = {keys[name]: reference(IMAGES[name]()) for name in self._built()}
        return {"nexus.kind": "stand-in", **made}

    def _built(self) -> Sequence[str]:
        return [_NEXUS, "nginx", *(_CERTIFICATE_CLIENTS[role] for role in self.stack.certificate_roles)]

    def _pull(self, job: Job) -> Sequence[Step]:
        image, host = wanted_image(self.stack), self.stack.docker_host
        job.note(f"docker pull {image}")
        begun = job.log.stat().st_size
        try:
            job.run(["docker", "pull", "--quiet", image], env=Docker(host).endpoint.environment)
        except subprocess.CalledProcessError:
            output = job.log.read_bytes()[begun:].decode(errors="replace").strip() or "docker printed nothing"
            if not nothing_answers(output):
                raise _refusal(output, image, self.stack.name) from None
            say(f"no image registry answers here ({reason_in(output)}): the store runs a stand-in for Sonatype Nexus")
            _note(self.stack).parent.mkdir(parents=True, exist_ok=True)
            _note(self.stack).write_text(json.dumps({"image": image, "looked": time.time()}))
            self.kind = "stand-in"
            return image_steps(self._built(), host)
        self.kind = "sonatype"
        return ()


def _refusal(output: str, image: str, stack: str) -> CommandError:
    return CommandError(
        "nexus.image", f"{image} could not be pulled: {reason_in(output)}", fix=remedy(output, image, stack)
    )


def _note(stack: Stack) -> Path:
    """Exists if the stack got the stand-in because no registry answered, and not because its file asked for it."""
    return LOCAL / "stand-ins" / f"{stack.name}.json"


def _suggest_published_image(stack: Stack) -> None:
    try:
        recorded = json.loads(_note(stack).read_text())
        image, looked = str(recorded["image"]), float(recorded["looked"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if time.time() - looked < _SECONDS_BETWEEN_LOOKS:
        return
    _note(stack).write_text(json.dumps({"image": image, "looked": time.time()}))
    if registry_answers(image, stack.docker_host):
        name = f"{stack.name}-nexus"
        differs = f"hostname=nexus.{stack.name}.test nginx.httpsPort=8443 nginx.httpPort=8080"
        say(
            f"{image} can be pulled now, but this stack runs the stand-in, whose data Nexus cannot read. For a stack"
            f' with Nexus beside it: make new-stack NAME={name} SET="{differs}" && make up STACK={name}'
        )
