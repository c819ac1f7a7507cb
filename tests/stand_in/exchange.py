"""One request to the REST API and its answer, as a client saw it or as the server wrote it down."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

BASE = "/service/rest"


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    """Below /service/rest, with its escapes taken out; empty: something else was asked for."""
    status: int
    request: Any = None
    """The JSON that was sent; None: there was none, or nobody kept it."""
    answer: Any = None

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def place(self) -> str:
        return f"{self.method} {self.path} {self.status}"


def below_base(path: str) -> str:
    plain = unquote(path).rstrip("/")
    return plain.removeprefix(BASE) if plain.startswith(f"{BASE}/") else ""


def seen(response: requests.Response) -> Exchange:
    """What a client got; what it sent is left out, since tests send wrong things on purpose."""
    is_json = "json" in response.headers.get("Content-Type", "") and response.ok and response.content
    path = below_base(urlsplit(response.request.url or "").path)
    answer = response.json() if path and is_json else None
    return Exchange(response.request.method or "", path, response.status_code, answer=answer)


def written(line: str) -> Exchange:
    """A line of the journal that `--exchanges` makes the server keep."""
    kept = json.loads(line)
    return Exchange(kept["method"], below_base(kept["path"]), kept["status"], kept.get("request"), kept.get("answer"))
