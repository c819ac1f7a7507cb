"""Requests in the form of the recordings."""

from typing import Any

from hypothesis import strategies as st

V1 = "/service/rest/v1/"
Step = dict[str, Any]
Steps = st.SearchStrategy[Step]
WHO = st.sampled_from(("admin",) * 12 + ("none", "bad"))


def step(
    method: str, path: str, body: Any = None, who: str = "admin", query: str = "", headers: dict[str, str] | None = None
) -> Step:
    """A request to the API if the path is relative, else to content."""
    sent = {**(headers or {}), "auth": who}
    if isinstance(body, dict | list) and "multipart" not in body:
        sent["content-type"] = "application/json"
    full = path if path.startswith("/") else V1 + path
    return {"note": "", "request": {"method": method, "path": full, "query": query, "headers": sent, "body": body}}


def asking(method: str, path: str | st.SearchStrategy[str], body: Any = None, query: str = "") -> Steps:
    """A request with random path and body."""
    paths = st.just(path) if isinstance(path, str) else path
    bodies = body if isinstance(body, st.SearchStrategy) else st.just(body)
    return st.builds(lambda p, b, who: step(method, p, b, who, query), paths, bodies, WHO)


def named(template: str, names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(names).map(lambda name: template.format(name))
