"""HTTPS to a given address instead of a DNS lookup; urllib3 verifies the same as without."""

import ssl
import threading
import time
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry, create_urllib3_context

from nexus.http.connection import Connection

AGENT = "repository-store"
"""The provider's User-Agent, as Nexus's request log shows it."""
_CONNECT_SECONDS = 10
_READ_SECONDS = 120
TOTAL_SECONDS = 300.0
"""From the first byte of a request to the last one of its answer, retries included."""
# PUT and DELETE of Nexus's API may be repeated; a POST only if it was not sent (urllib3's connect errors).
_RETRY = Retry(
    total=4,
    read=2,
    other=0,  # a certificate that is not trusted now will not be trusted a second later
    status_forcelist=(502, 503, 504),
    allowed_methods=frozenset({"GET", "HEAD", "PUT", "DELETE"}),
    backoff_factor=0.3,
    raise_on_status=False,
    respect_retry_after_header=False,
)


LARGEST = 64 * 1024 * 1024
"""Bytes of an answer; a server with 10,000 repositories lists them in 20 MiB."""
_this_thread = threading.local()


class TooLarge(Exception):
    """The answer is larger than any that Nexus sends."""


class _BoundedSocket(ssl.SSLSocket):
    """Limits the time and size of an answer, even if the server answers slowly or without end."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        left = getattr(_this_thread, "until", time.monotonic() + _READ_SECONDS) - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.settimeout(min(left, _READ_SECONDS))
        count = super().recv_into(*args, **kwargs)
        _this_thread.bytes = getattr(_this_thread, "bytes", 0) + count
        if _this_thread.bytes > LARGEST:
            raise TooLarge(f"the answer is larger than {LARGEST // 1024 // 1024} MiB and was not read")
        return count


class PinnedAdapter(HTTPAdapter):
    """Connects to a given address, and verifies the certificate of the URL's host against a given CA."""

    def __init__(self, connection: Connection) -> None:
        self._host = urlsplit(connection.url).hostname or ""
        self._address = connection.address
        self._context = create_urllib3_context(ssl_minimum_version=ssl.TLSVersion.TLSv1_2)
        self._context.sslsocket_class = _BoundedSocket
        if connection.ca_pem:
            self._context.load_verify_locations(cadata=connection.ca_pem)
        else:
            self._context.load_default_certs()
        super().__init__(max_retries=_RETRY)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        host, pool = cast(
            tuple[dict[str, Any], dict[str, Any]], super().build_connection_pool_key_attributes(request, verify, cert)
        )
        pool.pop("ca_certs", None)
        pool.pop("ca_cert_dir", None)
        pool["ssl_context"] = self._context
        if self._address:
            host["host"] = self._address
            pool["server_hostname"] = pool["assert_hostname"] = self._host
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:
        """Only this adapter's context decides what is trusted: no CA bundle of the environment is added."""
        conn.cert_reqs = "CERT_REQUIRED"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.headers["Host"] = urlsplit(request.url or "").netloc
        kwargs["timeout"] = (_CONNECT_SECONDS, _READ_SECONDS)
        _this_thread.until, _this_thread.bytes = time.monotonic() + TOTAL_SECONDS, 0
        return super().send(request, *args, **kwargs)


def session(connection: Connection) -> requests.Session:
    """A session for one thread. It reads no proxy, netrc or CA setting of the environment."""
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", PinnedAdapter(connection))
    # No compression: an answer that is small on the wire can be larger than this machine's memory.
    made.headers.update({"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT})
    return made
