"""./store up: applies the stack file, and prints the store's address."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.commands.ready import Ready, ready
from cli.commands.trust import trust_this_machine
from cli.console import say
from cli.errors import CommandError, Ended
from cli.events.deployment import Deployment
from cli.process import Interrupted
from cli.recovery import volumes
from cli.stack import licence, outputs
from cli.stack.many_objects import ALL_BUT_OBJECTS, WITHOUT_CHECKPOINTS, are_to_be_made
from cli.stack.policies import policy_arguments
from cli.stack.state import State
from policy.without_store import PACK
from reports import plan as update_plan
from stacks.secret_names import MASK


@dataclass(frozen=True)
class Options:
    """The options of a deployment."""

    yes: bool = False
    """Apply to a shared stack without asking."""
    plan: Path | None = None
    """An update plan; steps that it does not contain are refused."""
    verbose: bool = False
    """Pulumi's own output instead of ours."""
    wait: bool = True
    more: tuple[str, ...] = ()
    """More options of `pulumi up`."""


def up(name: str, options: Options) -> None:
    """Applies the stack file, and prints where the store is.

    Raises:
        CommandError: something is missing that cannot be installed or built here.
        Ended: the deployment failed, and its reasons were printed.
    """
    found, values = apply(name, options)
    next_steps(name, values)
    if values["nexus_kind"] == "sonatype":
        from cli.commands import limits  # late, since it loads an HTTP client

        limits.warn(found.stack, found.environment, str(values["nexus_version"]))


def apply(name: str, options: Options) -> tuple[Ready, Mapping[str, Any]]:
    """Applies the stack file; returns what was applied and the outputs.

    Raises:
        CommandError, Ended: as `up`.
    """
    with ready(name, "up", wait=options.wait) as found:
        if options.plan:
            _refuse_outdated(name, options.plan)
        recovery = found.recovery()
        with _ending_with_what_serves(found, recovery.state), recovery.recovering():
            if not found.stack.is_external:
                volumes.recreate_missing(found.stack, found.docker, found.environment)
            values = _with_licence(found, options, _deploy(found, options, recovery.state))
        found.stack.journal.unlink(missing_ok=True)
        trust_this_machine(found.stack, values)
    return found, values


def _with_licence(found: Ready, options: Options, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Asks for the licence agreement if the server lacks it, and applies it; without a terminal, prints the command."""
    agreement = "" if values["eula_accepted"] else licence.text(found.stack, found.environment)
    if not agreement:
        return {**values, "eula_accepted": True}
    asks = sys.stdin.isatty() and not options.yes and not options.plan
    if asks and licence.ask(found.stack, found.environment, agreement):
        return _deploy(found, options, found.recovery().state)
    licence.warn(found.stack.name)
    return values


@contextmanager
def _ending_with_what_serves(found: Ready, before: State) -> Iterator[None]:
    try:
        yield
    except (CommandError, Ended, Interrupted):
        from cli.recovery.serving import say_after_failure  # late, since it loads an HTTP client

        say_after_failure(found.stack, found.docker, found.environment, first=not before.resources)
        raise


def _deploy(found: Ready, options: Options, state: State) -> Mapping[str, Any]:
    """Applies a stack of this machine at once; for any other one, shows the preview and asks, unless `yes`."""
    stack, first = found.stack, found.stack.is_own and not state.resources
    found = _with_policies(found)
    arguments = ["up", "--refresh", *options.more, *(["--plan", str(options.plan)] if options.plan else [])]
    if not stack.is_own:
        arguments += policy_arguments(stack)
    elif not options.plan and not first:
        # With a plan the preview always runs first: it refuses steps outside of the plan before anything is changed.
        arguments.append("--skip-preview")
    asks = not stack.is_own and not options.yes
    try:
        if asks or options.verbose:
            # Without this, eighty lines of outputs would follow an error; `make outputs` prints them.
            own = ["--suppress-outputs"] if stack.is_own else []
            deployment = Deployment(stack, "up", found.docker, found.environment)
            deployment.attached([*arguments, *([] if asks else ["--yes"]), *own])
            return outputs.outputs(stack, found.environment)
        many = stack.is_own and not options.plan and are_to_be_made(stack, state)
        values = _applied(found, [*arguments, "--yes"], first=first, many=many)
    except Ended:
        if options.plan:
            again = f"make preview-report STACK={stack.name} PLAN={options.plan}"
            say(f"the stack has changed since the plan was made: {again}, read it, then apply it")
        raise
    # Pulumi's events mask every value that is a secret in the stack file, such as tls.caBundle; the output is none.
    return outputs.outputs(stack, found.environment) if MASK in values.get("ca_certificate_pem", "") else values


def _with_policies(found: Ready) -> Ready:
    """On an external Nexus the program refuses what the preview refuses, before anything is applied.

    Pulumi checks a whole stack only when it has been applied, unless a preview runs first. A store of this machine
    alone, for trying things out, is not refused.
    """
    if not (found.stack.is_own and found.stack.is_external):
        return found
    return replace(found, environment={key: value for key, value in found.environment.items() if key != PACK})


def _applied(found: Ready, arguments: Sequence[str], *, first: bool, many: bool) -> Mapping[str, Any]:
    """Creates many objects of Nexus without checkpoints, once the containers run."""
    environment = found.environment
    if many:
        if not found.stack.is_external:
            say("many objects to create: first the containers, then the objects without a checkpoint for each")
            containers = Deployment(found.stack, "up", found.docker, environment)
            containers.run([*arguments, *ALL_BUT_OBJECTS], milestones=first)
        environment = {**environment, **WITHOUT_CHECKPOINTS}
    return Deployment(found.stack, "up", found.docker, environment).run(arguments, milestones=first)


def _refuse_outdated(name: str, plan: Path) -> None:
    try:
        update_plan.check(name, plan)
    except update_plan.WrongPlan as error:
        raise CommandError("", str(error)) from None


def next_steps(name: str, values: Mapping[str, Any]) -> None:
    """Prints where the store is and what to type next."""
    registry, user = values["docker_registry"], values["jenkins_credentials"]["username"]
    stand_in = " (a stand-in for Sonatype Nexus: good for trying out, not for keeping)"
    lines = ["", f"The store is at {values['url']}{stand_in if values['nexus_kind'] == 'stand-in' else ''}"]
    lines += [f"The docker registry is {registry}"] if registry else []
    secrets = f" SECRETS=1        # the password of {user}" if user else ""
    lines += ["", "Next:", f"    make outputs STACK={name}{secrets}"]
    if not values["eula_accepted"]:
        lines.append(f"    {licence.command(name)}        # accept the licence agreement: until then docker gets 403")
    if registry and user:
        lines += [f"    docker login {registry} --username {user}", f"    docker push {registry}/team/app:1"]
    password = f"./store pulumi config get --stack {name} --path passwords.admin"
    lines.append(f"    {password}        # the password of admin")
    print("\n".join(lines))
