"""The topology file of a Nexus that was taken over: a block for each section, with what is left out and why."""

from collections.abc import Iterator, Mapping, Sequence

from exports.adoption import Adoption
from exports.topology_file import dumped, one_line, shown_word
from nexus.advice import secret
from stacks import shared_topology

_NAMES = 8
_NEVER = (
    "the users admin and anonymous, and users of LDAP: the first is the login of this stack, others log in elsewhere",
    "secrets: Nexus shows none; those that it has stay as they are",
    "tokens of service accounts and the licence agreement (docs/topology.md says why)",
    "settings that are those of a new server",
)


def text(adoption: Adoption, url: str, needed: Sequence[str], stack: str) -> str:
    """The file; `needed` are the keys of the secrets that `up` cannot do without."""
    return "\n".join([*_head(adoption, url, needed, stack), *_blocks(adoption)])


def _head(adoption: Adoption, url: str, needed: Sequence[str], stack: str) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={shared_topology.SCHEMA}"
    yield f"# Taken over from {one_line(url)} by ./store adopt (docs/adopting.md)."
    yield "# The stack manages what is declared here. What leaves this file stays on the server, unless it has"
    yield "# `onDelete: delete`."
    yield "#"
    yield "# Never in this file:"
    yield from (f"#   {each}" for each in _NEVER)
    if adoption.unread:
        yield "# Could not be read:"
        yield from _reasons(adoption.unread)
    if needed:
        yield "# These secrets are needed before the first `up`:"
        yield from (f"#   {command(key, stack)}" for key in needed)


def command(key: str, stack: str) -> str:
    """The command that asks for a secret, within one line."""
    return secret(key).replace("pulumi config set", f"./store pulumi config set --stack {shown_word(stack)}", 1)


def _blocks(adoption: Adoption) -> Iterator[str]:
    sections = adoption.sections
    for section in dict.fromkeys([*sections, *adoption.shipped, *map(_section, adoption.left)]):
        notes = [*_shipped(section, adoption.shipped), *_left(section, adoption.left)]
        if section in sections or notes:
            yield ""
        if section in adoption.counts and isinstance(sections[section], Mapping):
            yield f"# {section}: {adoption.counts[section]}"
        elif notes:
            yield f"# {section}:"
        yield from notes
        if section in sections:
            yield dumped({section: sections[section]}).rstrip("\n")
    yield ""


def _shipped(section: str, shipped: Mapping[str, Sequence[str]]) -> Iterator[str]:
    names = sorted(shipped.get(section, ()))
    if names:
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        listed = ", ".join(map(one_line, names[:_NAMES]))
        yield f"# Left out, since they came with Nexus or it makes them itself: {listed}{more}"


def _left(section: str, left: Mapping[str, str]) -> Iterator[str]:
    found = {key: reason for key, reason in left.items() if _section(key) == section}
    if found:
        yield "# Left out, since a stack file cannot declare them as they are:"
        yield from _reasons(found)


def _reasons(found: Mapping[str, str]) -> Iterator[str]:
    yield from (f"#   {one_line(key)}: {one_line(reason)}" for key, reason in found.items())


def _section(key: str) -> str:
    return key.partition(".")[0]
