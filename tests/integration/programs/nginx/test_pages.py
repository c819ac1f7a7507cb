"""Browsers get pages that say what happens, what to do and whom to ask; all other clients get the registry's JSON."""

import re
from html.parser import HTMLParser
from http.client import HTTPConnection

import pytest

from stacks.rules.refusal import Refusal
from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.sending import Serve, raw
from tests.integration.programs.nginx.server import Answer, Echo, Nginx, Reply
from tests.unit.nginx.rendering import configuration

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# What clients send that show the body of an error, or only its status: curl and dnf, npm, Maven's HTTP client.
OTHERS: tuple[dict[str, str], ...] = ({"Accept": "*/*"}, {"Accept": "application/json"}, {})
CONTACT = "store-team@domain.org"


def plain(nginx: Nginx, path: str, **headers: str) -> Reply:
    connection = HTTPConnection("127.0.0.1", nginx.ports[8080], timeout=10)
    connection.request("GET", path, headers={"Host": "nexus.domain.org", **headers})
    response = connection.getresponse()
    return Reply(response.status, dict(response.getheaders()), response.read())


class Page(HTMLParser):
    """The start tags and the texts of a page."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        assert reply.headers["Content-Type"] == "text/html"
        self.feed(reply.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data

    def attributes(self, name: str) -> list[str]:
        return [value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name]


def check(reply: Reply, heading: str) -> Page:
    page = Page(reply)
    assert page.texts["h1"] == heading
    assert page.texts["title"] == f"{heading} - nexus.domain.org"
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.tags
    assert "prefers-color-scheme: dark" in page.texts["style"]
    assert f"mailto:{CONTACT}" in page.attributes("href")
    assert not page.attributes("src"), "the page loads something"
    assert "url(" not in page.texts["style"]
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    return page


def test_while_nexus_starts_a_browser_gets_a_page_that_reloads_itself(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"contact": CONTACT})
    nexus[GUI].stop()
    reply = nginx.ask("GET", "/index.html", Accept=BROWSER)
    page = check(reply, "Nexus is not ready")
    assert (reply.status, reply.headers["Refresh"], reply.headers["Retry-After"]) == (503, "5", "5")
    assert "reloads itself" in page.texts["p"]


def test_json_answers_ask_nobody_to_reload(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    for echo in nexus.values():
        echo.stop()
    asked = [("/repository/maven-public/a", headers) for headers in OTHERS] + [("/v2/", {"Accept": BROWSER})]
    for path, headers in asked:
        reply = nginx.ask("GET", path, headers)
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.json["errors"][0]["message"] == "Nexus does not answer: it is starting or down"
        assert reply.headers["Retry-After"] == "5"
        assert not {"Refresh", "Content-Security-Policy"} & reply.headers.keys()


def test_the_redirect_of_plain_http_has_a_page(serve: Serve) -> None:
    nginx = serve({"httpsPort": 9443, "contact": CONTACT})
    reply = plain(nginx, "/a?b=<script>", Accept=BROWSER)
    assert (reply.status, reply.headers["Location"]) == (308, "https://nexus.domain.org:9443/a?b=<script>")
    page = check(reply, "The store speaks HTTPS")
    assert "https://nexus.domain.org:9443/" in page.attributes("href")
    assert b"<script" not in reply.body
    for headers in OTHERS:
        other = plain(nginx, "/a", **headers)
        assert (other.status, other.headers["Location"]) == (308, "https://nexus.domain.org:9443/a")
        assert other.json["errors"][0]["message"] == "the store is at https://nexus.domain.org:9443"


PAGES = [
    ("another name", "GET", "/", {"Host": "evil.domain.org"}, 421, "The store has another name"),
    ("metrics", "GET", "/service/metrics/data", {}, 403, "Closed to your address"),
    ("a method", "PROPFIND", "/", {}, 405, "Unknown method"),
    ("a large body", "PUT", "/repository/files/a", {"Content-Length": "2048"}, 413, "Too large"),
]


@pytest.mark.parametrize(("method", "path", "headers", "status", "heading"), [row[1:] for row in PAGES])
def test_each_refusal_has_a_page(
    serve: Serve, method: str, path: str, headers: dict[str, str], status: int, heading: str
) -> None:
    nginx = serve({"contact": CONTACT, "clientMaxBodySize": "1k"})
    reply = nginx.ask(method, path, {"Accept": BROWSER, **headers}, body=b"x" * int(headers.get("Content-Length", 0)))
    assert reply.status == status
    check(reply, heading)


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
@pytest.mark.parametrize(("method", "path", "headers", "status"), [row[1:5] for row in PAGES])
def test_no_answer_of_nginx_is_guessed_at_or_framed(
    serve: Serve, method: str, path: str, headers: dict[str, str], status: int, accept: str
) -> None:
    nginx = serve({"clientMaxBodySize": "1k"})
    reply = nginx.ask(method, path, {"Accept": accept, **headers}, body=b"x" * int(headers.get("Content-Length", 0)))
    assert reply.status == status
    assert (reply.headers["X-Content-Type-Options"], reply.headers["X-Frame-Options"]) == ("nosniff", "DENY")


def test_the_headers_of_nexus_are_its_own(serve: Serve, nexus: dict[int, Echo]) -> None:
    """nginx sends no second X-Frame-Options beside that of Nexus, which frames its own pages."""
    nexus[GUI].answer = lambda request: Answer(200, {"X-Frame-Options": "SAMEORIGIN"}, b"{}")
    reply = serve().ask("GET", "/")
    assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "X-Content-Type-Options" not in reply.headers


def test_an_unreadable_request_has_a_page(serve: Serve) -> None:
    nginx = serve({"contact": CONTACT})
    text = b"GET / HTTP/1.1\r\nHost: nexus.domain.org\r\nAccept: text/html\r\nX: " + b"a" * 40_000 + b"\r\n\r\n"
    head, _, body = raw(nginx, text).partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
    check(Reply(400, headers, body), "The store cannot read this request")


def test_who_is_asked_is_a_setting() -> None:
    assert "Ask the team that runs this store." in configuration().text
    assert '<a href="https://domain.org/help"' in configuration({"contact": "https://domain.org/help"}).text
    assert "Ask Böhm, room 5 (2nd floor)." in configuration({"contact": "Böhm, room 5 (2nd floor)"}).text
    for hostile in ("", "a'b", 'a"b', "$host", "<b>", "a\\", "a\nb", "a" * 201, "a;b", "{a}", "&amp"):
        with pytest.raises(Refusal, match=re.escape("nginx.contact")):
            configuration({"contact": hostile})
