"""The environment of Pulumi's processes."""

import os
import shlex

from cli.machine.toolchain import ensure_pulumi
from cli.paths import LOCAL, ROOT
from cli.process import base_environment
from cli.stack.passphrase import PASSPHRASE, finish_replacement
from cli.stack.stack import Stack
from policy.baseline import file_of
from policy.without_store import COUNT, NOTHING, PACK
from preflight.engine_endpoint import NoEndpoint, engine_endpoint

_PASSPHRASE_VARIABLE = "PULUMI_CONFIG_PASSPHRASE"
_VIRTUALENV = ROOT / ".venv"

EXTERNAL = {"PULUMI_ENABLE_LEGACY_DIFF": "true", "PULUMI_ENABLE_LEGACY_REFRESH_DIFF": "true"}
"""For a stack of an external Nexus, where every difference of a resource shows in its inputs.

The engine then does not call Diff for unchanged resources, which saves half of the calls of a preview.
"""


def stack_environment(stack: Stack) -> dict[str, str]:
    """The whole environment for Pulumi on the stack: PATH, plugins, backend and passphrase.

    Stacks of this machine keep state and passphrase in .local; others get both from the caller's environment.
    """
    pulumi = ensure_pulumi()
    callers = _with_engine(stack, base_environment())
    if stack.is_own:
        finish_replacement()
        callers.pop(_PASSPHRASE_VARIABLE, None)  # Pulumi would prefer it to the file
    path = [_VIRTUALENV / "bin", *pulumi.path_entries]
    return {
        **callers,
        **pulumi.environment,
        **({"PULUMI_HOME": str(pulumi.home)} if pulumi.home else {}),
        "PATH": os.pathsep.join([*map(str, path), os.environ.get("PATH", os.defpath)]),
        "VIRTUAL_ENV": str(_VIRTUALENV),
        # Neither Pulumi nor the `pip list` that it runs each time looks for a newer release of itself.
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # The engine is short-lived and has memory: it collects garbage a fourth as often.
        "GOGC": os.environ.get("GOGC", "400"),
        **(EXTERNAL if stack.is_external else {}),
        **(_own_backend() if stack.is_own else {}),
        "REPOSITORY_STORE_JOURNAL": str(stack.journal),
        PACK: COUNT if file_of(stack.name).exists() else NOTHING,
        "REPOSITORY_STORE_STACK": stack.name,  # for the commands in messages
        # The provider runs this if the server refuses the password or the URL that the last `up` applied.
        "REPOSITORY_STORE_WANTED": shlex.join(
            ["env", f"PYTHONPATH={ROOT}", str(_VIRTUALENV / "bin/python"), "-m", "cli.stack.wanted", stack.name]
        ),
    }


def _with_engine(stack: Stack, environment: dict[str, str]) -> dict[str, str]:
    """Names the engine to Pulumi's plugins and to the scripts that they run; the plugin would prefer DOCKER_CONTEXT."""
    try:
        endpoint = engine_endpoint(stack.docker_host)
    except NoEndpoint:
        return environment  # what needs the engine says so
    environment.pop("DOCKER_CONTEXT", None)
    return environment | (endpoint.environment if endpoint.given else {})


def _own_backend() -> dict[str, str]:
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    LOCAL.chmod(0o700)
    return {
        "PULUMI_BACKEND_URL": f"file://{LOCAL}",
        f"{_PASSPHRASE_VARIABLE}_FILE": str(PASSPHRASE),
        # Pulumi writes the whole state before each step; compressed it is a fortieth. Plain files are still read.
        "PULUMI_DIY_BACKEND_GZIP": "true",
    }
