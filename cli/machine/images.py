"""The images of a stack of this machine: the published ones, or those of lab/images where no registry answers."""

import subprocess

from cli.console import say
from cli.docker import Docker, reason
from cli.errors import Ended
from cli.paths import ROOT
from cli.stack.stack import Stack

_PUBLISHED = "sonatype/nexus3:3.95.2"


def ensure_images(stack: Stack) -> dict[str, str]:
    """Makes sure that the stack's engine has them; returns what the stack file has to say of them, by key.

    Raises:
        Ended: one could not be made, for the reason that was printed.
    """
    docker = Docker(stack.docker_host)
    kind = stack.text("nexus.kind")
    if not kind:
        say(f"pulling {_PUBLISHED} (about 2 min) ...")
        pulled = docker.result("pull", "--quiet", _PUBLISHED)
        if pulled.returncode == 0:
            return {"nexus.kind": "sonatype"}
        say("no image registry answers here, so this stack runs a stand-in from now on. Docker says:")
        say(f"    {reason(pulled)}")
    elif kind != "stand-in":
        return {}
    say("the store runs a stand-in for Sonatype Nexus, built from lab/images")
    wanted = {
        "nexus.kind": "stand-in",
        "nexus.image": _built("nexus-stand-in", docker),
        "nginx.image": _built("nginx", docker),
    }
    return wanted | ({"tls.image": _built("lego", docker)} if stack.get("tls.mode") == "acme" else {})


def _built(image: str, docker: Docker) -> str:
    done = subprocess.run(
        [ROOT / "lab/images/build", image], env=docker.environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Ended(done.returncode)
    return done.stdout.strip()
