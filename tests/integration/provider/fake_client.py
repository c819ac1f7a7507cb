"""A server in memory for kinds that the stand-in does not have: it stores what it gets and answers like the API."""

from collections.abc import Callable
from typing import Any

from nexus.errors import NotFound

MASKED = ("password", "authPassword", "applicationPassword", "clientSecret")


class FakeClient:
    """Replaces NexusClient. Paths that were not stored answer 404."""

    def __init__(self, *collections: str, settings: dict[str, Any] | None = None, named: str = "name") -> None:
        self.stored: dict[str, dict[str, dict[str, Any]]] = {path: {} for path in collections}
        self.settings: dict[str, Any] = settings or {}
        self.named = named
        self.sent: list[tuple[str, str, Any]] = []
        self.changes: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body
        self.after_post: Callable[[], None] = lambda: None

    def get(self, path: str, **_: str) -> Any:
        path = path.split("?")[0]
        if path in self.settings:
            return self._shown(self.settings[path])
        if path in self.stored:
            return [self._shown(body) for body in self.stored[path].values()]
        collection, _sep, name = path.rpartition("/")
        if name in self.stored.get(collection, {}):
            return self._shown(self.stored[collection][name])
        raise NotFound(path)

    def post(self, path: str, body: Any) -> Any:
        self.sent.append(("POST", path, body))
        if path in self.settings:
            self.settings[path] = body
            return None
        if path not in self.stored:
            raise NotFound(path)
        id_ = str(len(self.stored[path]) + 1) if self.named == "id" else body[self.named]
        made = {**body, "id": id_} if self.named == "id" else dict(body)
        self.stored[path][id_] = self.changes(made)
        self.after_post()
        return made

    def post_text(self, path: str, text: str) -> Any:
        return self.post(path, {"pem": text})

    def put(self, path: str, body: Any) -> Any:
        self.sent.append(("PUT", path, body))
        collection, _sep, name = path.rpartition("/")
        if name in self.stored.get(collection, {}):
            self.stored[collection][name] = self.changes(body)
        else:
            self.settings[path] = body

    def put_text(self, path: str, text: str) -> None:
        self.sent.append(("PUT", path, text))

    def delete(self, path: str) -> None:
        self.sent.append(("DELETE", path, None))
        collection, _sep, name = path.rpartition("/")
        if self.settings.pop(path, None) is None and self.stored.get(collection, {}).pop(name, None) is None:
            raise NotFound(path)

    @staticmethod
    def _shown(body: Any) -> Any:
        return {k: v for k, v in body.items() if k not in MASKED} if isinstance(body, dict) else body
