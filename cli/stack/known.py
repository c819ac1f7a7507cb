"""Checks that a stack can be worked on, with a fix for each reason why not."""

import json
from collections.abc import Mapping
from pathlib import Path

from cli.errors import CommandError, InvalidStackFile
from cli.paths import ROOT, STACK_FILES
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from policy import baseline
from stacks.stack_file import problems


def require_file(stack: Stack) -> None:
    """Refuses a stack without a stack file."""
    if not stack.file.exists():
        known = sorted(
            path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in STACK_FILES.glob("Pulumi.*.yaml")
        )
        raise CommandError(
            "STACK",
            f"there is no {stack.file.relative_to(ROOT)}",
            got=stack.name,
            allowed=", ".join(known) or "(none)",
            fix=f"make new-stack NAME={stack.name}",
        )


def require_right_file(stack: Stack) -> None:
    """Refuses mistakes in a stack file that Pulumi would not find, or not explain, and in its known violations.

    Missing files are fine.
    """
    found = [*problems(stack.file.relative_to(ROOT)), *baseline.problems(baseline.file_of(stack.name))]
    if found:
        raise InvalidStackFile(found)


def require_state(stack: Stack, environment: Mapping[str, str]) -> None:
    """Refuses a shared stack that the backend of the environment does not have.

    Raises:
        CommandError: with the fix where it is known, else with Pulumi's reason.
    """
    key = f"STACK={stack.name}"
    if not _names_backend(environment):
        raise CommandError(
            key,
            "no backend is configured for its state",
            allowed="a backend of Pulumi",
            fix="export PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE_FILE, as docs/environments.md says, "
            "or ./store pulumi login",
        )
    listed = pulumi(key, "stack", "ls", "--json", "--non-interactive", env=environment)
    if stack.name not in {entry["name"].rpartition("/")[2] for entry in json.loads(listed)}:
        raise CommandError(
            key,
            "its file is here, but there is no such stack in Pulumi's backend",
            fix=f"./store pulumi stack init --stack {stack.name} --secrets-provider passphrase, then its passwords as "
            "docs/environments.md says, or another PULUMI_BACKEND_URL",
        )


def _names_backend(environment: Mapping[str, str]) -> bool:
    """Whether a variable or an earlier `pulumi login` does; otherwise Pulumi would ask for a token of Pulumi Cloud."""
    if environment.get("PULUMI_BACKEND_URL") or environment.get("PULUMI_ACCESS_TOKEN"):
        return True
    home = (
        environment.get("PULUMI_CREDENTIALS_PATH") or environment.get("PULUMI_HOME") or f"{environment['HOME']}/.pulumi"
    )
    try:
        return bool(json.loads((Path(home) / "credentials.json").read_text(encoding="utf-8")).get("current"))
    except (OSError, ValueError, AttributeError):
        return False
