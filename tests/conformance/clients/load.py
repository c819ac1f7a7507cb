"""A client that sends 50 requests a second, half of them on kept connections, and records each outcome."""

import threading
import time
from dataclasses import dataclass, field

import requests

from tests.e2e.store.store import Store

RATE, _THREADS = 50, 10


@dataclass
class Load:
    store: Store
    path: str = "/service/rest/v1/status"
    answers: list[requests.Response] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> "Load":
        self._ends = threading.Event()
        self._began = time.monotonic()
        self._threads = [threading.Thread(target=self._ask, args=(index % 2 == 0,)) for index in range(_THREADS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self._began

    def _ask(self, keeps: bool) -> None:
        session, url = requests.Session(), f"{self.store.outputs['url']}{self.path}"
        headers = {} if keeps else {"Connection": "close"}
        due = time.monotonic()
        while not self._ends.is_set():
            due += _THREADS / RATE
            try:
                self.answers.append(session.get(url, verify=str(self.store.ca), timeout=30, headers=headers))
            except requests.RequestException as error:
                self.failures.append(repr(error))
            time.sleep(max(0.0, due - time.monotonic()))

    @property
    def statuses(self) -> set[int]:
        return {answer.status_code for answer in self.answers}

    @property
    def rate(self) -> float:
        return (len(self.answers) + len(self.failures)) / self.seconds
