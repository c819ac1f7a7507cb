"""A stack's file, lock and state, as far as this machine has them."""

from collections.abc import Iterator

from cli.doctor.engine import Engine
from cli.doctor.finding import Finding, check
from cli.snapshots import helper
from cli.stack import checkpoint, creation, killed_pulumi, known
from cli.stack.lock import holder
from cli.stack.stack import Stack
from cli.stack.state import read_state


@check("stack")
def stack_file(stack: Stack, engine: Engine) -> Iterator[Finding]:
    what = f"stack {stack.name}"
    if stack.is_own and not creation.is_made(stack):
        half = stack.unfinished.exists()
        yield Finding(what, "partly created" if half else "not created yet", f"make up STACK={stack.name}")
        return
    known.require_file(stack)
    known.require_right_file(stack)
    if not stack.is_own:
        yield Finding(what, "shared; its state is in the backend of PULUMI_BACKEND_URL or pulumi login")
    elif not checkpoint.is_damaged(stack):
        deployed = bool(read_state(stack, {}).resources)
        fix = "" if deployed else f"make up STACK={stack.name}"
        yield Finding(what, "deployed" if deployed else "created, but nothing is deployed", fix)
    left = "" if stack.is_external else engine.field(helper.name_of(stack), "{{.Id}}")
    if left and holder(stack) is None:
        yield Finding(what, "a backup or restore was interrupted", f"make up STACK={stack.name}")


@check("lock")
def lock(stack: Stack) -> Iterator[Finding]:
    held = holder(stack)
    left = killed_pulumi.left(stack) if stack.is_own and held is None else []
    if held:
        yield Finding("lock", f"held by {held}", f"wait for it; if it hangs: kill {held.pid}")
    elif left:
        yield Finding("lock", f"left by a Pulumi that was killed (process {left[0]})", f"make up STACK={stack.name}")
    else:
        yield Finding("lock", "free")


@check("state")
def state_file(stack: Stack) -> Iterator[Finding]:
    """For a stack of this machine; the checks that need the state of another stack export it."""
    if not stack.is_own or not creation.is_made(stack):
        return
    if checkpoint.is_damaged(stack):
        yield Finding(
            "state", "its file was cut short", f"make up STACK={stack.name}, which restores the newest intact copy"
        )
    elif interruption := read_state(stack, {}).interruption:
        yield Finding("state", interruption, f"make up STACK={stack.name}")
    else:
        yield Finding("state", "intact")
