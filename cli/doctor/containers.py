"""The containers of a store."""

from collections.abc import Iterator

from cli.doctor.engine import Engine
from cli.doctor.finding import Finding, check
from cli.stack.stack import Stack
from stacks import layout

_STATE = "{{.State.Status}} {{.State.ExitCode}} {{with .State.Health}}{{.Status}}{{end}}"


@check("containers")
def containers(stack: Stack, engine: Engine) -> Iterator[Finding]:
    if stack.is_external or not engine.version:
        return
    roles = [layout.NEXUS, layout.NGINX, *stack.certificate_roles]
    wrong = [problem for role in roles if (problem := _wrong(stack, engine, role))]
    if wrong:
        logs = f"docker logs --tail 50 {wrong[0].split()[0]}"
        yield Finding("containers", "; ".join(wrong), f"make up STACK={stack.name}; {logs} shows why")
    else:
        yield Finding("containers", f"{', '.join(roles)} run")


def _wrong(stack: Stack, engine: Engine, role: str) -> str:
    name = stack.docker_name(role)
    state = engine.field(name, _STATE)
    if not state:
        return f"{name} is missing"
    status, code, *health = state.split()
    if status != "running":
        return f"{name} is {status} (exit code {code})"
    return f"{name} is unhealthy" if health == ["unhealthy"] else ""
