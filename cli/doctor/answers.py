"""The store as clients see it: its ports, its name, and its certificate, verified as they do."""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping

from cli.doctor.engine import Engine
from cli.doctor.finding import SECONDS, Finding, check
from cli.stack import trust
from cli.stack.stack import Stack
from stacks import layout

_LAST_DAYS = 14
_DAY = 24 * 60 * 60


@check("ports")
def ports(stack: Stack, engine: Engine) -> Iterator[Finding]:
    """Whether nginx listens on its ports, or could."""
    if stack.is_external or not engine.docker.endpoint.is_local or not stack.file.exists():
        return
    nginx = stack.settings.nginx
    addresses = " and ".join(nginx.bind_address)
    running = engine.field(stack.docker_name(layout.NGINX), "{{.State.Running}}") == "true"
    for key, port in (("nginx.httpsPort", nginx.https_port), ("nginx.httpPort", nginx.http_port)):
        if running:
            yield Finding(f"port {port}", f"nginx listens on it at {addresses}")
        elif taken := [f"{address}: {reason}" for address in nginx.bind_address if (reason := _taken(address, port))]:
            set_ = f"./store pulumi config set --stack {stack.name} --path {key} {port + 8000}"
            yield Finding(f"port {port}", "; ".join(taken), set_)
        else:
            yield Finding(f"port {port}", f"free at {addresses}")


def _taken(address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # else :: would take the port of IPv4 too
        try:
            probe.bind((address, port))
        except PermissionError:
            return ""  # the engine may bind it
        except OSError as error:
            return error.strerror or str(error)
    return ""


@check("name")
def name_and_trust(stack: Stack) -> Iterator[Finding]:
    reach = trust.Reach.recorded(stack)
    if reach is None:
        return
    try:
        known = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(reach.host, None)})
    except OSError:
        known = []
    if known and (not reach.address or reach.address in known):
        yield Finding("name", f"{reach.host} resolves to {', '.join(known)}")
    else:
        detail = f"{reach.host} resolves to {', '.join(known) or 'nothing'}"
        detail += f" instead of {reach.address}" if reach.address else ""
        yield Finding("name", detail, f"sudo ./store trust --stack {stack.name}")
    found = {"missing": reach.missing(stack), "of an earlier name or port": reach.stale(stack)}
    wrong = [
        f"{what}: {', '.join(of_docker)}"
        for what, each in found.items()
        if (of_docker := [text for text in each if str(trust.HOSTS) not in text])
    ]
    fix = f"sudo ./store trust --stack {stack.name}" if wrong else ""
    if reach.registries:
        yield Finding("trust of docker", "; ".join(wrong) or "it has the CA", fix)


@check("certificate")
def certificate(stack: Stack) -> Iterator[Finding]:
    reach = trust.Reach.recorded(stack)
    if reach is None or not stack.file.exists():
        return
    context = ssl.create_default_context(cadata=reach.ca or None)
    port = stack.settings.nginx.https_port
    try:
        with (
            socket.create_connection((reach.address or reach.host, port), SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=reach.host) as verified,
        ):
            presented: Mapping[str, object] = verified.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield Finding("certificate", error.verify_message, f"make up STACK={stack.name}")
        return
    except OSError as error:
        why = error.strerror or "no answer"
        yield Finding("store", f"{reach.host}:{port} does not answer ({why})", f"make up STACK={stack.name}")
        return
    days = int((ssl.cert_time_to_seconds(str(presented["notAfter"])) - time.time()) / _DAY)
    fix = f"make up STACK={stack.name}" if days < _LAST_DAYS else ""
    yield Finding("certificate", f"valid for {days} more days", fix)
