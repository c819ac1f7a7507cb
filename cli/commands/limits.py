"""./store limits: how much of the Community Edition's limits is used and left, and when they will be reached."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cli.commands.outputs import readable
from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.limits import usage
from cli.limits.access_log import Counted, counted
from cli.stack import outputs
from cli.stack.server import client_of
from cli.stack.stack import Stack
from nexus.errors import NexusError
from stacks.layout import NGINX

_SECONDS = 60.0
_MOST = 5
_WHOLE = timedelta(hours=23, minutes=55)


def limits(name: str) -> None:
    """Prints the use of each limit.

    Raises:
        CommandError: neither the server nor nginx has counted.
    """
    stack, environment = readable(name)
    version = str(outputs.outputs(stack, environment).get("nexus_version", ""))
    granted = usage.limits(version)
    try:
        api = client_of(stack, environment)
        requests, components = usage.history(api, "requests"), usage.history(api, "components")
    except NexusError as error:
        raise CommandError("limits", str(error)) from None
    log = _log(stack)
    if requests is None and log is None:
        raise CommandError(
            "limits",
            "neither the server (before 3.92) nor nginx, whose access log is off, has counted the requests",
            fix=f"./store pulumi config set --stack {name} --path nginx.accessLog true",
        )
    now = datetime.now(UTC)
    used: dict[str, int] = {}
    if requests is not None:
        used["requests"] = usage.last_24_hours(requests, now)
        _print("requests in 24 hours", used["requests"], granted.requests, requests[:-1], "by the server's own count")
    elif log is not None:
        used["requests"] = log.requests
        _print("requests in 24 hours", log.requests, granted.requests, [], _since(log, now))
    if components:
        used["components"] = components[-1].value
        _print("components", used["components"], granted.components, components, "by the server's own count")
    if log is not None:
        _most("clients", log.clients)
        _most("repositories", log.repositories)
        print(f"of the requests in nginx's log {log.unauthorized} got 401: they count too")
        print(
            f"nginx itself has refused {log.answered} more, repeats of requests that Nexus had just refused: "
            "these do not count"
        )
    for warning in usage.warnings(used, granted):
        say(f"warning: {warning}")


def warn(stack: Stack, environment: Mapping[str, str], version: str) -> None:
    """Prints a warning to standard error for each limit of which 80 % or more is used, if the server counts usage."""
    for warning in near(stack, environment, version):
        say(f"warning: {warning}")


def near_of_last_up(stack: Stack, environment: Mapping[str, str]) -> list[str]:
    """`near` with the version that the last `up` deployed; empty for the stand-in and before the first `up`."""
    try:
        values = outputs.outputs(stack, environment)
    except CommandError:
        return []
    return near(stack, environment, str(values["nexus_version"])) if values.get("nexus_kind") == "sonatype" else []


def near(stack: Stack, environment: Mapping[str, str], version: str) -> list[str]:
    """A sentence for each limit of which 80 % or more is used; empty if the server does not count usage."""
    try:
        api = client_of(stack, environment)
        if not api.connection.is_listened_to():
            return []
        requests, components = usage.history(api, "requests"), usage.history(api, "components")
    except (NexusError, CommandError):
        return []
    used = {"requests": usage.last_24_hours(requests or [], datetime.now(UTC))}
    used |= {"components": components[-1].value} if components else {}
    return [f"{warning}: make limits STACK={stack.name}" for warning in usage.warnings(used, usage.limits(version))]


def _print(what: str, used: int, limit: int, points: list[usage.Point], how: str) -> None:
    exceeded = usage.exceeded_on(points, limit)
    until = f"; at this rate, all of it on {exceeded.isoformat()}" if exceeded else ""
    print(f"{what}: {used} of {limit} used ({used / limit:.0%}), {max(0, limit - used)} left{until} ({how})")


def _since(log: Counted, now: datetime) -> str:
    if log.first is None or now - log.first >= _WHOLE:
        return "by nginx's log"
    hours = (now - log.first) / timedelta(hours=1)
    return f"by nginx's log, which reaches back {hours:.1f} hours only"


def _most(what: str, counts: Counter[str]) -> None:
    shown = ", ".join(f"{name} {count}" for name, count in counts.most_common(_MOST))
    if shown:
        print(f"{what} with the most requests: {shown}")


def _log(stack: Stack) -> Counted | None:
    """None if nginx keeps no access log that can be read here."""
    if stack.is_external or stack.text("nginx.accessLog").lower() not in ("true", "json"):
        return None
    log = Docker(stack.docker_host).within(_SECONDS, "logs", "--since", "24h", stack.docker_name(NGINX))
    return counted(log.splitlines())
