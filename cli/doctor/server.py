"""Checks over Nexus's REST API: credentials, read-only mode, licence agreement, tasks, limits and drift."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from cli.doctor.applied import Applied, State
from cli.doctor.clock import compared
from cli.doctor.finding import Finding, check
from cli.drift.additions import additions, unmanaged_of
from cli.limits import usage
from cli.monitoring.facts import FAILED, takes_content
from cli.stack import licence
from cli.stack.stack import Stack
from exports import state as exports
from nexus import model
from nexus.advice import word
from nexus.agreement import missing
from nexus.errors import NexusError, NotFound, Rejected, Unauthorized
from nexus.http.client import NexusClient
from nexus.kinds import KINDS
from nexus.model import Ref
from nexus.objects.reader import Reader
from stacks.layout import DATA_FOLDER, NEXUS

# Small, and an administrator may read it.
_PROBE = "/v1/security/realms/active"
_NAMED = 4


@check("Nexus")
def nexus(stack: Stack, applied: Applied) -> Iterator[Finding]:
    state = applied.state()
    if state is None:
        return
    try:
        connection = exports.connection(state)
    except ValueError:
        return
    if connection.silence():
        if stack.is_external:
            yield Finding("store", f"{connection.url} does not answer", "start it: it is an external Nexus")
        return  # the row of the certificate reports it
    client = NexusClient(connection)
    before = time.time()
    try:
        answer = client.request("GET", _PROBE)
    except Unauthorized:
        set_ = f"./store pulumi config set --stack {stack.name} --secret --path passwords.admin"
        detail = "Nexus refuses the password of admin that the last up applied: somebody has changed it"
        yield Finding("login", detail, f"{set_}, then make up STACK={stack.name}")
        return
    except NexusError as error:
        yield Finding("Nexus", str(error), f"docker logs --tail 50 {stack.docker_name(NEXUS)} shows why")
        return
    if stack.is_external and answer.headers.get("Date"):
        yield compared(parsedate_to_datetime(answer.headers["Date"]).timestamp(), before, time.time())
    yield from of_server(stack, client, state)


def of_server(stack: Stack, client: NexusClient, state: State) -> Iterator[Finding]:
    """The checks of a server that accepts the credentials."""
    if not takes_content(client):
        fix = "release it in Nexus: Administration, System, Nodes; or make up, if a backup was interrupted"
        yield Finding("Nexus", "it is read-only: nothing can be published", fix)
    if missing(client):
        yield Finding("licence", licence.REFUSED, licence.command(stack.name))
    yield from tasks(stack, client)
    yield from limits(stack, client, state)
    reader = Reader(client)
    yield drift(stack, reader, state)
    yield from added(stack, reader, state)


def tasks(stack: Stack, client: Any) -> Iterator[Finding]:
    try:
        found = client.get("/v1/tasks")["items"]
    except (NotFound, Rejected):
        return
    failed = [str(each["name"]) for each in found if str(each.get("lastRunResult")) in FAILED]
    logs = f"docker exec {stack.docker_name(NEXUS)} ls -t {DATA_FOLDER}/log/tasks"
    fix = f"{'its log' if stack.is_external else logs} shows why; run it again in Nexus: Administration, System, Tasks"
    yield Finding("tasks", f"failed: {_few(failed)}", fix) if failed else Finding("tasks", f"{len(found)}, none failed")


def limits(stack: Stack, client: Any, state: State) -> Iterator[Finding]:
    """By the server's own count; releases before 3.92 do not report it."""
    requests, components = usage.history(client, "requests"), usage.history(client, "components")
    if requests is None:
        return
    used = {"requests": usage.last_24_hours(requests, datetime.now(UTC))}
    used |= {"components": components[-1].value} if components else {}
    near = usage.warnings(used, usage.limits(_version(state)))
    counts = ", ".join(f"{count} {what}" for what, count in used.items())
    yield Finding("limits", "; ".join(near) or f"{counts} used", f"make limits STACK={stack.name}" if near else "")


def _version(state: State) -> str:
    outputs = state["deployment"]["resources"][0].get("outputs") or {}
    return str(outputs.get("nexus_version", ""))


def drift(stack: Stack, reader: Reader, state: State) -> Finding:
    """Whether Nexus's objects match what was applied; drift of containers is found by a preview only."""
    objects = exports.objects_of(state)
    changed = [difference for each in objects if (difference := _difference(reader, each))]
    if changed:
        fix = f"make preview STACK={stack.name} shows what, make up STACK={stack.name} restores it"
        return Finding("drift", f"changed by hand: {_few(changed)}", fix)
    return Finding("drift", f"{len(objects)} objects of Nexus match the last up")


def added(stack: Stack, reader: Reader, state: State) -> Iterator[Finding]:
    """What somebody has added on the server; on an external Nexus only if the stack file has `unmanaged`."""
    unmanaged = unmanaged_of(stack)
    if unmanaged is None:
        return
    found = additions(reader, state, unmanaged)
    if found.administrators:
        names = [key.partition(".")[2] for key in found.administrators]
        allow = f"./store pulumi config set --stack {stack.name} --path 'unmanaged.users[0]' {word(names[0])}"
        fix = f"remove that right in Nexus, declare the user, or: {allow}"
        yield Finding("administrators", f"not declared: {_few(names)}", fix)
    if found.objects:
        fix = f"make report STACK={stack.name} lists them: declare each, remove it, or list it under unmanaged"
        yield Finding("additions", f"not in the stack: {_few(list(found.objects))}", fix)
    elif not found.administrators:
        yield Finding("additions", "nothing is on the server that the stack does not declare")


def _difference(reader: Reader, outputs: Mapping[str, Any]) -> str:
    """The object and its fields that differ, without their values."""
    ref = Ref.of(outputs)
    kind = KINDS[ref.kind]
    if not kind.is_compared:
        return ""
    declared = kind.of_state(model.plain(outputs["body"]))
    live = reader.listed(ref, declared)
    if live is None:
        return f"{ref} is gone"
    fields = kind.differing(ref, live, declared)
    return f"{ref} ({', '.join(fields)})" if fields else ""


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(sorted(names)[:_NAMED])}{more}"
