"""One request to the REST API and its answer, as seen by a client or recorded by the server."""

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
    """The unescaped path below /service/rest; empty for others."""
    status: int
    request: Any = None
    """The sent JSON; None if there was none or it was not recorded."""
    answer: Any = None
    """The answer's JSON, or the text of a refusal; None if there was none or it was not recorded."""
    media: str = ""
    """The media type of the answer without parameters; empty if it has no body."""
    client: str = ""
    """The user agent, if a server recorded it."""

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
    """An answer to a client, without the request, since tests send wrong ones on purpose."""
    path = below_base(urlsplit(response.request.url or "").path)
    media = media_type(response.headers.get("Content-Type")) if response.content else ""
    method = response.request.method or ""
    return Exchange(method, path, response.status_code, answer=_content(response, media) if path else None, media=media)


def _content(response: requests.Response, media: str) -> Any:
    if "json" in media:
        return response.json()
    return None if response.ok or not media else response.text


def written(line: str) -> Exchange:
    """An exchange from a line of the journal that the server writes with `--exchanges`."""
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
