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
    """The JSON of the answer, or the text of a refusal; None: there was none, or nobody kept it."""
    media: str = ""
    """The media type of the answer, without parameters; empty: it has no body."""
    client: str = ""
    """What sent it calls itself, where a server wrote that down."""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def place(self) -> str:
        return f"{self.method} {self.path} {self.status}"


def below_base(path: str) -> str:
    plain = unquote(path).rstrip("/")
    return plain.removeprefix(BASE) if plain.startswith(f"{BASE}/") else ""


def media_type(header: str | None) -> str:
    return (header or "").split(";")[0].strip().lower()


def seen(response: requests.Response) -> Exchange:
    """What a client got; what it sent is left out, since tests send wrong things on purpose."""
    path = below_base(urlsplit(response.request.url or "").path)
    media = media_type(response.headers.get("Content-Type")) if response.content else ""
    method = response.request.method or ""
    return Exchange(method, path, response.status_code, answer=_content(response, media) if path else None, media=media)


def _content(response: requests.Response, media: str) -> Any:
    if "json" in media:
        return response.json()
    return None if response.ok or not media else response.text


def written(line: str) -> Exchange:
    """A line of the journal that `--exchanges` makes the server keep."""
    kept = json.loads(line)
    media = media_type(kept.get("contentType"))
    return Exchange(
        kept["method"],
        below_base(kept["path"]),
        kept["status"],
        kept.get("request"),
        kept.get("answer"),
        media,
        kept.get("client", ""),
    )
