"""The report: first what matters for a decision, then the details, folded."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reports import diagnostics
from reports.diff import diff
from reports.fields import Field, drifted, intended, is_gone
from reports.jvm import in_plain
from reports.kinds import is_shown, kind, place, title
from reports.limit import fitted
from reports.picture import picture
from reports.preview import Change, Operation, Preview, in_words
from reports.risks import Harm, Risk, risks
from reports.text import code, entry, plain, value
from reports.text import field as shown_field
from reports.undeclared import in_words as in_numbers
from reports.undeclared import still

# From this number on, resources that differ only in name share a row.
_ALIKE = 4
_FIELDS = 6


def marker(stack: str) -> str:
    """The hidden line that identifies the comment of an earlier run, so that it can be edited in place."""
    return f"<!-- repository-store preview of {re.sub(r'[^A-Za-z0-9_.]+', '-', stack)} -->"


@dataclass(frozen=True)
class Added:
    """What only the server has, by keys like users.mallory."""

    administrators: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    undeclared: Mapping[str, int] = field(default_factory=dict)
    """How many others it has, by section of the topology: on an external Nexus they are no drift."""


NOTHING = Added()


def report(preview: Preview, stack: str = "", warnings: Sequence[str] = (), added: Added = NOTHING) -> str:
    """The Markdown of a preview, under GitHub's limit for a comment; the same preview gives the same text.

    `warnings` and `added` are about the running store, whatever the preview changes.
    """
    preview, stack = in_plain(preview), preview.stack or stack
    shown = sorted((c for c in preview.changes if is_shown(c)), key=lambda c: (_order(c), place(c)))
    changed = [c for c in shown if _is_intended(c, preview.project)]
    drifting = sorted((c for c in shown if is_gone(c) or drifted(c, preview.project)), key=place)
    harm = risks(preview)
    head = [marker(stack), f"### Preview of {code(stack)}", _verdict(preview, changed, drifting, harm, added)]
    problems = [
        *_administrators(added),
        *_errors(preview),
        *_policies(preview),
        *_harms(harm),
        *_unread(preview),
        *_warnings(preview, warnings),
    ]
    tables = [_changes(changed, preview.project, preview.failed), _drift(drifting, preview.project), _added(added)]
    chart = picture(preview) if shown and not preview.failed else ""
    return fitted([*head, *problems], tables, chart, [diff(change, preview.project) for change in shown])


def _order(change: Change) -> int:
    return list(Operation).index(change.operation)


def _is_intended(change: Change, project: str) -> bool:
    """Whether the stack file asks for the change, as opposed to one that only reverts drift."""
    if is_gone(change) and change.known and change.new:
        return change.known.inputs != change.new.inputs
    return not drifted(change, project) or bool(intended(change, project))


def _verdict(preview: Preview, changed: list[Change], drifting: list[Change], harm: list[Risk], added: Added) -> str:
    if preview.failed:
        return "**The preview failed.** What `up` would do is not known. It stopped for this reason:"
    forbidden = sum(violation.mandatory for violation in preview.violations)
    losses = sum(risk.harm is Harm.LOSES_DATA for risk in harm)
    parts = (
        [f"**{forbidden} {'policy violation forbids' if forbidden == 1 else 'policy violations forbid'} this.**"]
        if forbidden
        else []
    )
    parts += [f"**{losses} {'change loses' if losses == 1 else 'changes lose'} data.**"] if losses else []
    counts = Counter(change.operation for change in changed)
    if counts:
        words = in_words(counts, sum(bool(change.state.differing) for change in changed))
        parts.append(f"Planned until then: **{words}.**" if forbidden else f"**{words[0].upper()}{words[1:]}.**")
    elif drifting:
        parts.append("**No intended change.**")
    elif not forbidden:
        parts.append("**No changes.** The stack matches its stack file.")
    if drifting:
        parts.append(f"**{len(drifting)} drifted** from what was last applied; `up` restores that.")
    more = len(added.administrators) + len(added.objects)
    if more:
        parts.append(
            f"**{more} on the server {'is' if more == 1 else 'are'} not in the stack**; `up` leaves that there."
        )
    if others := in_numbers(still(added.undeclared, preview)):
        parts.append(f"Not declared: {others}; `make report STACK={preview.stack}` lists them.")
    if not drifting and not more and preview.refreshed and not forbidden and not diagnostics.unread(preview):
        parts.append("No drift.")
    return " ".join(parts)


def _administrators(added: Added) -> Iterator[str]:
    if added.administrators:
        lines = [f"> - {code(key)}" for key in added.administrators]
        yield "> [!CAUTION]\n> **Administrators that the stack does not declare:**\n" + "\n".join(lines)


def _added(added: Added) -> list[str]:
    if not added.objects:
        return []
    why = "Added on the server. Declare it, remove it there, or list it under `unmanaged` in the stack file."
    return ["#### Not in the stack", why, "", *(f"- {code(key)}" for key in added.objects)]


def _errors(preview: Preview) -> Iterator[str]:
    found = diagnostics.errors(preview)
    if found:
        yield "> [!CAUTION]\n" + "\n".join(f"> - {plain(line)}" for line in found)
    elif preview.failed:
        yield "> [!CAUTION]\n> Pulumi gave no reason; the log of the job that ran the preview has more."


def _policies(preview: Preview) -> Iterator[str]:
    for mandatory, alert, heading in (
        (True, "CAUTION", "Forbidden by policy"),
        (False, "NOTE", "Policies advise against"),
    ):
        lines = sorted(
            f"> - {code(found.policy)}: {plain(found.message)}"
            for found in preview.violations
            if found.mandatory is mandatory
        )
        if lines:
            yield f"> [!{alert}]\n> **{heading}:**\n" + "\n".join(lines)


def _harms(found: list[Risk]) -> Iterator[str]:
    for harm, alert in ((Harm.LOSES_DATA, "CAUTION"), (Harm.OPENS, "WARNING"), (Harm.INTERRUPTS, "WARNING")):
        lines = [f"> - {code(risk.subject)} {risk.sentence}" for risk in found if risk.harm is harm]
        if lines:
            yield f"> [!{alert}]\n> **This {harm.value}:**\n" + "\n".join(lines)


def _unread(preview: Preview) -> Iterator[str]:
    reason = diagnostics.unread(preview)
    if reason:
        yield f"> [!NOTE]\n> Nexus could not be read, so its drift is not known: {plain(reason)}"


def _warnings(preview: Preview, of_store: Sequence[str]) -> Iterator[str]:
    if of_store:
        yield "> [!WARNING]\n" + "\n".join(f"> {plain(each)}" for each in of_store)
    found = diagnostics.warnings(preview)
    if found:
        yield "Warnings:\n" + "\n".join(f"- {plain(line)}" for line in found)


def _changes(changed: list[Change], project: str, failed: bool) -> list[str]:
    if not changed:
        return []
    rows = [(c.operation.verb, plain(kind(c)), title(c), _fields(c, project)) for c in changed]
    lines = ["| Operation | Kind | Name | Changed fields |", "| --- | --- | --- | --- |"]
    if failed:
        lines = ["What was planned until then:", "", *lines]
    return [*lines, *(f"| {op} | {what} | {names} | {fields} |" for op, what, names, fields in _merged(rows))]


def _merged(rows: list[tuple[str, str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """The rows, merged if they differ only in name, so that a first preview is readable."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for operation, what, name, fields in rows:
        alike.setdefault((operation, what, fields), []).append(name)
    done = set()
    for operation, what, name, fields in rows:
        names = alike[operation, what, fields]
        if len(names) < _ALIKE:
            yield _strong(operation, what), what, code(name), fields
        elif (operation, what, fields) not in done:
            done.add((operation, what, fields))
            yield _strong(operation, what), f"{len(names)} {what}", ", ".join(map(code, names)), fields


def _strong(operation: str, what: str) -> str:
    takes_away = operation in (Operation.DELETE.value, Operation.REPLACE.value) and what != "Command"
    return f"**{operation}**" if takes_away else operation


def _fields(change: Change, project: str) -> str:
    if change.operation in (Operation.CREATE, Operation.IMPORT, Operation.DELETE):
        inputs = change.state.inputs
        type_ = " ".join(str(inputs[key]) for key in ("format", "type") if key in inputs)
        return plain(type_) if kind(change) == "Repository" else ""
    if change.operation is Operation.RELEASE:
        return "it stays on the server"
    found = intended(change, project)
    more = f" and {len(found) - _FIELDS} more" if len(found) > _FIELDS else ""
    listed = ", ".join(map(shown_field, found[:_FIELDS])) + more
    # Pulumi may not show which of a resource's secrets changed.
    return f"one or more of {listed}" if len(found) > 1 and all(f.is_secret for f in found) else listed


def _drift(drifting: Iterable[Change], project: str) -> list[str]:
    rows = [row for change in drifting for row in _drift_rows(change, project)]
    if not rows:
        return []
    head = [
        "#### Drift",
        "Changed outside of this stack. `up` restores what was applied, unless it changes it too.",
        "",
    ]
    return [*head, "| Kind | Name | Field | Applied | Found |", "| --- | --- | --- | --- | --- |", *rows]


def _drift_rows(change: Change, project: str) -> Iterator[str]:
    start = f"| {plain(kind(change))} | {code(title(change))} |"
    if is_gone(change):
        yield f"{start} | | **removed** |"
        return
    for found in drifted(change, project):
        applied, there = _two_sides(found)
        yield f"{start} {code(found.path)} | {applied} | {there} |"


def _two_sides(found: Field) -> tuple[str, str]:
    if found.entries:
        gone, added = ([code(entry(each)) for each in side] for side in found.entries)
        applied = f"with {', '.join(gone)}" if gone else "without it"
        return applied, (f"also {', '.join(added)}" if added else "without it")
    return code(value(found.old)), code(value(found.new))
