"""The store as clients see it, with its certificate verified as they do."""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping

from cli.doctor.finding import SECONDS, Finding
from cli.stack import trust
from cli.stack.stack import Stack

_LAST_DAYS = 14
_DAY = 24 * 60 * 60


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
