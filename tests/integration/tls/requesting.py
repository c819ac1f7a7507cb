"""A client that sends requests over new, verified connections, and counts failures."""

import http.client
import socket
import ssl
import threading
import time
from types import TracebackType
from typing import Self

_PER_SECOND = 50
_THREADS = 5


class Requesting:
    """Sends fifty requests a second inside the block."""

    def __init__(self, address: str, hostname: str, ca_pem: str) -> None:
        self._address, self._hostname = address, hostname
        self._context = ssl.create_default_context(cadata=ca_pem)
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(index,)) for index in range(_THREADS)]
        self.answered = 0
        self.failures: list[str] = []
        self.serials: list[str] = []
        """The served certificates, each once, in order."""

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, index: int) -> None:
        pause = _THREADS / _PER_SECOND
        due = time.monotonic() + index / _PER_SECOND
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause, time.monotonic())
            try:
                self._ask()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{type(error).__name__}: {error}")

    def _ask(self) -> None:
        with (
            socket.create_connection((self._address, 443), timeout=10) as plain,
            self._context.wrap_socket(plain, server_hostname=self._hostname) as tls,
        ):
            certificate = tls.getpeercert() or {}
            tls.sendall(f"GET / HTTP/1.1\r\nHost: {self._hostname}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(tls)
            answer.begin()
            answer.read()
        if answer.status != http.client.OK:
            self.failures.append(f"status {answer.status}")
        serial = str(certificate["serialNumber"])
        if serial not in self.serials:
            self.serials.append(serial)
        self.answered += 1
