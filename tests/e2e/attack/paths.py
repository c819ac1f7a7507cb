"""Requests that a proxy and the server behind it may read differently.

As data, for `make attack` and `make acceptance`. A door is a path that nginx closes or counts, `/{head}/{tail}`, and a
spelling another way to write it. A smuggled request hides one for the door: nginx must not read it as content if the
server reads it as a request.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

_FOLDERS = (
    *("..", "%2e%2e", ".%2e", "%2E.", "..%2f..", "%252e%252e", "%c0%ae%c0%ae", "..%00"),
    *("..;", "..;x=y", ";/..", "x;y/../.."),
)
_SLASHES = (
    *("//", "/./", "/x/../", "%2f", "%2F", "%252f", "\\", "%5c", "%c0%af", "%e0%80%af", "%ef%bc%8f", "%u002f"),
    *("%0a/", "%00/", ";/", ";x/", ";x=y;z/", "/;/", "/.;x/", "%3bx/", ";%2f/", ";x%2fy/"),
)
_ENDS = (
    *("", "/", ".", "%00", "%0a", "%0d%0a", "%09", "%20", "%23", "%3f", "?", "?x=/..", "#", "#/..", "/.", "~"),
    *(";", ";x", ";x=/", "/..;"),
)
_BEGINNINGS = ("/", "//", "/./", "/;/", "/;x/", "/.;/", "/%2f", "/%00/", "/%0a", "/../", "", "\\")
_AUTHORITIES = (
    *("http://{host}", "https://{host}", "HTTP://{host}", "http://user@{host}", "ftp://{host}", "//{host}"),
    "http://localhost",
)

SPELLINGS: tuple[str, ...] = (
    *(f"/repository/{folder}/{{head}}/{{tail}}" for folder in _FOLDERS),
    *(f"/repository/x/{folder}/../{{head}}/{{tail}}" for folder in _FOLDERS),
    *(f"/{{head}}{slash}{{tail}}" for slash in _SLASHES),
    *(f"/{{head}}/{{tail}}{end}" for end in _ENDS),
    *(f"{beginning}{{head}}/{{tail}}" for beginning in _BEGINNINGS),
    *(f"{authority}/{{head}}/{{tail}}" for authority in _AUTHORITIES),
    "/{encoded}/{tail}",
    "/{encoded_twice}/{tail}",
    "/{upper}/{tail}",
    "/x?/../{head}/{tail}",
    "/x#/../{head}/{tail}",
    "/{head}/./x/..//{tail}",
)  # fmt: skip


def spelled(door: str, host: str) -> Iterator[str]:
    """The path of a door in every spelling."""
    head, tail = door.removeprefix("/").split("/", 1)
    encoded = "".join(f"%{ord(letter):02x}" for letter in head)
    fields = {"encoded": encoded, "encoded_twice": encoded.replace("%", "%25"), "upper": head.upper()}
    for spelling in SPELLINGS:
        yield spelling.format(head=head, tail=tail, host=host, **fields)


_NO_CHUNKS = "0\r\n\r\n{hidden}"
_ONE_CHUNK = "{hex}\r\n{hidden}\r\n0\r\n\r\n"
_LENGTH = "Content-Length: {length}\r\n"
_CHUNKED = "Transfer-Encoding: chunked\r\n"
_SPELLED_CHUNKED = (
    "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding:\tchunked\r\n",
    "Transfer-Encoding:\x0bchunked\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding: identity, chunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
    'Transfer-Encoding: "chunked"\r\n',
    "Transfer-Encoding: chunKed\r\n",
    "Transfer-Encoding\r\n : chunked\r\n",
    "Transfer_Encoding: chunked\r\n",
    " Transfer-Encoding: chunked\r\n",
    "X: y\r\n Transfer-Encoding: chunked\r\n",
    "X: y\nTransfer-Encoding: chunked\r\n",
    "X: y\rTransfer-Encoding: chunked\r\n",
    "X: y\x00\r\nTransfer-Encoding: chunked\r\n",
    "\x00Transfer-Encoding: chunked\r\n",
    "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
)
SMUGGLED: tuple[tuple[str, str], ...] = (
    (_LENGTH + _CHUNKED, _NO_CHUNKS),
    (_CHUNKED + _LENGTH, _NO_CHUNKS),
    (_CHUNKED + "Content-Length: 4\r\n", _ONE_CHUNK),
    *((spelling + _LENGTH, _NO_CHUNKS) for spelling in _SPELLED_CHUNKED),
    *((spelling + "Content-Length: 4\r\n", _ONE_CHUNK) for spelling in _SPELLED_CHUNKED),
    ("Content-Length: 0\r\n" + _LENGTH, "{hidden}"),
    (_LENGTH + "Content-Length: 0\r\n", "{hidden}"),
    ("Content-Length: 0, {length}\r\n", "{hidden}"),
    ("Content-Length: +{length}\r\n", "{hidden}"),
    ("Content-Length: -1\r\n", "{hidden}"),
    ("Content-Length: 0x{hex}\r\n", "{hidden}"),
    ("Content-Length : {length}\r\n", "{hidden}"),
    ("Content_Length: {length}\r\n", "{hidden}"),
    ("Content-Length:\r\n {length}\r\n", "{hidden}"),
    ("Connection: Content-Length\r\n" + _LENGTH, "{hidden}"),
    (_LENGTH, "{hidden}"),
    ("Expect: 100-continue\r\n" + _LENGTH, "{hidden}"),
    ("Connection: Upgrade\r\nUpgrade: websocket\r\n" + _LENGTH, "{hidden}"),
    ("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n" + _LENGTH, "{hidden}"),
    (_CHUNKED, "1;\n{hex}\r\nx\r\n0\r\n\r\n{hidden}"),
    (_CHUNKED, "5;x=\r\n0\r\n\r\n{hidden}\r\n0\r\n\r\n"),
    (_CHUNKED, "5\n0\r\n\r\n{hidden}\r\n0\r\n\r\n"),
    (_CHUNKED, "0x{hex}\r\n{hidden}\r\n0\r\n\r\n"),
    (_CHUNKED, "{hex}\n{hidden}\n0\n\n"),
    (_CHUNKED, "10000000000000000{hex}\r\n{hidden}\r\n0\r\n\r\n"),
    (_CHUNKED, "-1\r\n{hidden}\r\n0\r\n\r\n"),
    (_CHUNKED, "{hex}\r\n{hidden}\r\n0\r\nContent-Length: 0\r\nTransfer-Encoding: x\r\n\r\n"),
)  # fmt: skip
"""Header lines and the body of a POST."""


def smuggled(door: str, host: str, headers: str = "") -> Iterator[bytes]:
    """Whole requests that hide one for a door."""
    hidden = f"GET {door} HTTP/1.1\r\nHost: {host}\r\n{headers}X-Hidden: yes\r\nConnection: close\r\n\r\n"
    for lines, body in SMUGGLED:
        fields = {"hidden": hidden, "hex": f"{len(hidden):x}"}
        content = body.format(**fields)
        length = {"length": len(content), **fields}
        start = f"POST /repository/smuggled/x HTTP/1.1\r\nHost: {host}\r\n{headers}"
        yield (start + lines.format(**length) + "\r\n" + content).encode("latin-1")


def written(method: str, target: str, host: str, headers: str = "") -> bytes:
    """A request with a target that no client library would send."""
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n".encode("latin-1")


def exchange(
    port: int, request: bytes, tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1", seconds: float = 0.5
) -> bytes:
    """The whole answer, or what there is of it if the server waits for more of a body."""
    with socket.create_connection((host, port), 10) as plain:
        connection = tls.wrap_socket(plain, server_hostname=host) if tls else plain
        connection.settimeout(seconds)
        answer = b""
        with suppress(OSError):
            connection.sendall(request)
            while more := connection.recv(65536):
                answer += more
        connection.close()
        return answer


@dataclass(frozen=True)
class Passed:
    """The requests that got to a door."""

    tried: int
    through: tuple[bytes, ...]

    def __str__(self) -> str:
        return f"{len(self.through)} of {self.tried}"


def passed(requests: Iterable[bytes], send: Callable[[bytes], bytes], reached: Callable[[bytes], bool]) -> Passed:
    """Sends each; `reached` says from its answer, or from what the server has seen, whether it got to the door."""
    sent = list(requests)
    return Passed(len(sent), tuple(each for each in sent if reached(send(each))))
