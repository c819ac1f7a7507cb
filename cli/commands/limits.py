"""./store limits: how much of the Community Edition's limits is used and left, and when they will be reached."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cli.commands.outputs import readable
from cli.console import json_text, say
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


def limits(name: str, *, as_json: bool = False) -> None:
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
    found = _found(requests, components, log, granted, datetime.now(UTC))
    if as_json:
        print(json_text({"stack": name, "version": version, **_values(found, log)}))
    else:
        _print(found, log)
    for warning in usage.warnings({each.what: each.used for each in found}, granted):
        say(f"warning: {warning}")


@dataclass(frozen=True)
class Use:
    """How much of one limit is used."""

    what: str
    used: int
    limit: int
    counted_by: str
    """server or nginx."""
    exceeded: date | None = None
    """When all of it will be used at this rate; None if that is not within a year."""
    since: datetime | None = None
    """Where nginx's log begins, if that is within the 24 hours."""

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


def _found(
    requests: list[usage.Point] | None,
    components: list[usage.Point] | None,
    log: Counted | None,
    granted: usage.Limits,
    now: datetime,
) -> list[Use]:
    found = []
    if requests is not None:
        used, exceeded = usage.last_24_hours(requests, now), usage.exceeded_on(requests[:-1], granted.requests)
        found.append(Use("requests", used, granted.requests, "server", exceeded))
    elif log is not None:
        since = None if log.first is None or now - log.first >= _WHOLE else log.first
        found.append(Use("requests", log.requests, granted.requests, "nginx", since=since))
    if components:
        exceeded = usage.exceeded_on(components, granted.components)
        found.append(Use("components", components[-1].value, granted.components, "server", exceeded))
    return found


def _values(found: list[Use], log: Counted | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        each.what: {
            "used": each.used,
            "limit": each.limit,
            "left": each.left,
            "fullOn": each.exceeded and each.exceeded.isoformat(),
            "countedBy": each.counted_by,
            "since": each.since and each.since.isoformat(),
        }
        for each in found
    }
    if log is not None:
        values["clients"], values["repositories"] = dict(log.clients), dict(log.repositories)
        values["unauthorized"], values["answeredByNginx"] = log.unauthorized, log.answered
    return values


def _print(found: list[Use], log: Counted | None) -> None:
    for each in found:
        what = "requests in 24 hours" if each.what == "requests" else each.what
        until = f"; at this rate, all of it on {each.exceeded.isoformat()}" if each.exceeded else ""
        share = f"{each.used} of {each.limit} used ({each.used / each.limit:.0%}), {each.left} left"
        print(f"{what}: {share}{until} ({_how(each)})")
    if log is not None:
        _most("clients", log.clients)
        _most("repositories", log.repositories)
        print(f"of the requests in nginx's log {log.unauthorized} got 401: they count too")
        print(
            f"nginx itself has refused {log.answered} more, repeats of requests that Nexus had just refused: "
            "these do not count"
        )


def _how(use: Use) -> str:
    if use.counted_by == "server":
        return "by the server's own count"
    if use.since is None:
        return "by nginx's log"
    return f"by nginx's log, which reaches back {(datetime.now(UTC) - use.since) / timedelta(hours=1):.1f} hours only"


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
        if api.connection.silence():
            return []
        requests, components = usage.history(api, "requests"), usage.history(api, "components")
    except (NexusError, CommandError):
        return []
    used = {"requests": usage.last_24_hours(requests or [], datetime.now(UTC))}
    used |= {"components": components[-1].value} if components else {}
    return [f"{warning}: make limits STACK={stack.name}" for warning in usage.warnings(used, usage.limits(version))]


def _most(what: str, counts: Counter[str]) -> None:
    shown = ", ".join(f"{name} {count}" for name, count in counts.most_common(_MOST))
    if shown:
        print(f"{what} with the most requests: {shown}")


def _log(stack: Stack) -> Counted | None:
    """None if nginx keeps no access log that can be read here."""
    if stack.is_external or not stack.settings.nginx.access_log:
        return None
    log = Docker(stack.docker_host).within(_SECONDS, "logs", "--since", "24h", stack.docker_name(NGINX))
    return counted(log.splitlines())
