"""./store down: removes a stack, and its images from the engine."""

import json
from collections.abc import Iterable

from cli.commands.ready import Ready, ready
from cli.commands.trust import forget_after_down
from cli.console import say
from cli.docker import Docker, reason
from cli.errors import CommandError
from cli.events.deployment import Deployment
from cli.machine.images_in_use import images_unneeded
from cli.process import module
from cli.recovery import volumes
from cli.stack import address, creation
from cli.stack.many_objects import WITHOUT_CHECKPOINTS
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from cli.stack.state import State
from preflight.engine_objects import Kind
from stacks.layout import ACME, NEXUS, NGINX

_IMAGE_KEYS = ("nexus.image", "nginx.image", "tls.image")
_ROLES = (NEXUS, NGINX, ACME)


def down(name: str, *, yes: bool = False, verbose: bool = False, wait: bool = True) -> None:
    """Removes everything in the stack except what `retain` names.

    Raises:
        CommandError: the stack is protected, or something that `retain` names would be removed.
        Ended: Pulumi failed, and its reasons were printed.
    """
    stack = Stack(name)
    if stack.is_own and not creation.is_made(stack) and not stack.unfinished.exists():
        say(f"there is no stack {name}: nothing to take down")
        return
    _refuse_protected(stack)
    with ready(name, "down", wait=wait, images=False) as found:
        _refuse_lost(found)
        if found.stack.is_external:
            _refuse_removing_a_part(found)
        images = [] if found.stack.is_external else _images(found.stack, found.docker)
        recovery = found.recovery()
        shares_names = recovery.before_down(yes=yes)
        if not found.stack.is_external:
            volumes.recreate_missing(found.stack, found.docker, found.environment)
        _destroy(found, yes=yes, verbose=verbose)
        found.stack.journal.unlink(missing_ok=True)
        recovery.after_down()
        if shares_names:
            return  # the trust and the images that remain belong to the other store
        forget_after_down(found.stack)
        with images_unneeded(found.stack.docker_host) as is_unneeded:
            if is_unneeded:
                _remove_images(images, found.docker)
            elif images:
                say(f"the images stay on the engine, since other commands are deploying to it: {' '.join(images)}")
        if found.stack.is_own and not found.stack.is_external:
            address.remove_network(found.stack, found.docker)


def _destroy(found: Ready, *, yes: bool, verbose: bool) -> None:
    # No checkpoint after each deletion: if this is killed, the state still lists deleted objects, which the refresh of
    # the next `down` drops. After an error or Ctrl-C, Pulumi still writes the state.
    deployment = Deployment(found.stack, "down", found.docker, {**found.environment, **WITHOUT_CHECKPOINTS})
    arguments = ["destroy", "--refresh"]
    if found.stack.is_own:
        arguments += ["--yes", "--skip-preview", "--suppress-outputs"]
    elif yes:
        arguments += ["--yes"]
    if verbose or not (found.stack.is_own or yes):
        deployment.attached(arguments)
    else:
        deployment.run(arguments, milestones=True)


def _refuse_protected(stack: Stack) -> None:
    if stack.settings.protect:
        raise CommandError(
            "protect",
            "the stack is protected",
            got="true",
            allowed="false",
            fix=f"./store pulumi config set --stack {stack.name} protect false, make up STACK={stack.name}, "
            f"then make down STACK={stack.name}",
        )


def _refuse_lost(found: Ready) -> None:
    """Pulumi retains a volume if the state says so, even if the stack file says otherwise by now."""
    wanted = found.stack.settings.kept_volumes
    if not wanted:
        return
    lost = unapplied(sorted(wanted), State(json.loads(_state(found))))
    if lost:
        raise CommandError(
            "retain",
            "no up has applied it yet, so make down would remove the volumes that it names",
            got=", ".join(lost),
            allowed="what has been applied",
            fix=f"make up STACK={found.stack.name}, then make down STACK={found.stack.name}",
        )


def unapplied(wanted: Iterable[str], state: State) -> list[str]:
    """The volumes among `wanted` that the state does not retain, since no `up` has applied it."""
    going = [volume["urn"] for volume in state.of(Kind.VOLUME) if not volume.get("retainOnDelete")]
    return [name for name in wanted if any(urn.endswith(f"::{name}") for urn in going)]


def _refuse_removing_a_part(found: Ready) -> None:
    """An external Nexus loses its objects one by one: a refusal halfway would leave some of them."""
    module("exports", "removable", text=_state(found, "--show-secrets"), env=found.environment)


def _state(found: Ready, *options: str) -> str:
    name = found.stack.name
    return pulumi(f"STACK={name}", "stack", "export", "--stack", name, *options, env=found.environment)


def _images(stack: Stack, docker: Docker) -> list[str]:
    """The images of the stack's containers, by their names in the stack file, since an image may have several tags.

    Images whose containers an earlier `down` has removed are among them.
    """
    named = {docker.ask("image", "inspect", "--format", "{{.Id}}", name): name for name in _named(stack)}
    running = {docker.field(stack.docker_name(role), "{{.Image}}") for role in _ROLES}
    return sorted({name for image, name in named.items() if image} | (running - named.keys() - {""}))


def _named(stack: Stack) -> list[str]:
    return [str(name) for key in _IMAGE_KEYS if (name := stack.settings.given(key))]


def _remove_images(images: list[str], docker: Docker) -> None:
    """Removes them from the engine; prints which stay, and why.

    An image that a container runs stays under each of its tags: if it has several, docker would remove the tag that
    another store's file names, and that store could not be deployed again without building or pulling it anew.
    """
    for image in images:
        tags = docker.result("image", "inspect", "--format", '{{join .RepoTags ", "}}', image)
        if tags.returncode:  # another store's `down` has removed it already
            continue
        stays = f"the image {tags.stdout.strip() or image} stays on the engine"
        if users := sorted(docker.lines("ps", "--all", "--filter", f"ancestor={image}", "--format", "{{.Names}}")):
            say(f"{stays}, since other containers run it: {' '.join(users)}")
            continue
        removed = docker.result("image", "rm", image)
        if removed.returncode:
            say(f"{stays}: {reason(removed).rpartition(': ')[2]}")
