"""Checks every object of a topology against the API's request schema."""

from collections.abc import Iterator, Mapping

from nexus import schema
from nexus.kinds import KINDS
from nexus.kinds.truststore import TrustedCertificate, fingerprint
from nexus.objects.declaration import Declaration
from nexus.problem import Problem
from nexus.schema.violation import MISSING
from stacks.rules.shown import brief
from stacks.topology.declarations import declarations
from stacks.topology.topology import Topology


def problems(topology: Topology, generation: str | None) -> Iterator[Problem]:
    for declaration in declarations(topology):
        yield from _of(declaration, generation)


def _of(declaration: Declaration, generation: str | None) -> Iterator[Problem]:
    if isinstance(KINDS[declaration.kind], TrustedCertificate):
        yield from _certificate(declaration)
        return
    whole = KINDS[declaration.kind].described(declaration.name, declaration.body)
    # The password is under `passwords` in the stack file and checked there.
    present = {"password": "***"} if KINDS[declaration.kind].has_password else {}
    body = {**present, **whole} if isinstance(whole, Mapping) else whole
    for found in schema.violations(declaration.request, body, generation=generation):
        if declaration.adopt and found.problem == MISSING and found.path != KINDS[declaration.kind].identity:
            continue
        key = declaration.key if found.path in ("", "name", "id", "userId") else f"{declaration.key}.{found.path}"
        yield Problem(key, found.problem, found.allowed, f"edit {key} in the stack file", brief(found.got))


def _certificate(declaration: Declaration) -> Iterator[Problem]:
    key = f"{declaration.key}.pem"
    fix = f"put the certificate's text under {key}, as openssl s_client -showcerts prints it"
    unknown = [name for name in declaration.body if name != "pem"]
    for name in unknown:
        yield Problem(f"{declaration.key}.{name}", "unknown key", "the key pem", f"rename {name} to pem")
    try:
        fingerprint(declaration.body)
    except ValueError:
        if not unknown:
            yield Problem(key, "no certificate can be read from it", "a certificate in PEM", fix)
