"""Clients that guess passwords are blocked, and no others."""

import http.client
import time
from http.server import BaseHTTPRequestHandler

import pytest

from stacks.layout import LOGIN_SALT_FILE
from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.sending import DIGEST, Serve, ask_from, basic
from tests.integration.programs.nginx.server import Answer, Echo, Nginx
from tests.support.vanishing import content, files_below
from tests.unit.nginx.rendering import configuration


def guesses(nginx: Nginx, path: str, count: int, **options: str) -> list[int]:
    context = nginx.tls
    connection = http.client.HTTPSConnection("127.0.0.1", nginx.ports[8443], timeout=10, context=context)
    found = []
    for number in range(count):
        headers = {"Host": "nexus.domain.org", "Authorization": basic("admin", str(number)), **options}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        found.append(response.status)
    connection.close()
    return found


def doors(request: BaseHTTPRequestHandler) -> Answer:
    right = request.headers["Authorization"] == basic("jenkins", "right")
    return Answer(200 if right else 401, {}, b"{}")


@pytest.mark.parametrize(
    "path", ["/service/rest/v1/status", "/repository/maven-releases/a", "/v2/", f"/v2/a/blobs/{DIGEST}", "/v2/token"]
)
@pytest.mark.parametrize("cached", [False, True])
def test_guesses_are_refused_from_the_twentieth_on(
    serve: Serve, nexus: dict[int, Echo], path: str, cached: bool
) -> None:
    for echo in nexus.values():
        echo.answer = doors
    nginx = serve({"blobCache": {"maxSize": "1g"}} if cached else {})
    found = guesses(nginx, path, 500)
    assert found[:10] == [401] * 10
    assert 429 in found[:20]
    assert found.count(401) < 30
    assert sum(len(echo.requests) for echo in nexus.values()) == found.count(401)
    assert ask_from(nginx, "127.0.0.2", Authorization=basic("jenkins", "right")).status == 200


def test_a_correct_guess_is_refused_like_a_wrong_one(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    guesses(nginx, "/service/rest/v1/status", 30)
    reply = ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right"), Accept="*/*")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "60")
    assert reply.json["errors"][0]["message"] == "too many passwords from 127.0.0.1 or for this user"


def test_known_logins_of_an_address_keep_working_while_it_guesses(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200
    assert guesses(nginx, "/service/rest/v1/status", 100)[-1] == 429
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200


def test_repeating_the_same_wrong_password_counts_once(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    statuses = {ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "old")).status for _ in range(100)}
    assert statuses == {401}
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/service/rapture/session"),
        ("POST", "//service/rapture/sess%69on"),
        ("PUT", "/repository/npm-hosted/-/user/org.couchdb.user:admin"),
        ("PUT", "/repository/npm-hosted/-%3bx/user%3By/org.couchdb.user:admin"),
    ],
)
def test_guesses_in_request_bodies_are_counted_too(
    serve: Serve, nexus: dict[int, Echo], method: str, path: str
) -> None:
    nexus[GUI].answer = lambda request: Answer(403, {}, b"wrong")
    nginx = serve()
    found = [nginx.ask(method, path, body=f"username=YWRtaW4=&password={n}").status for n in range(40)]
    assert found[:10] == [403] * 10
    assert 429 in found[:20]
    assert nginx.ask("GET", "/repository/maven-public/a").status == 403


LOGIN = basic("admin", "a1").removeprefix("Basic ")
SPELLINGS = {
    "another case": f"bAsIC {LOGIN}",
    "no case": f"basic {LOGIN}",
    "another scheme for Nexus": f"BasicX {LOGIN}",
    "two blanks": f"Basic  {LOGIN}",
    "a tab": f"Basic\t{LOGIN}",
    "a tab before": f"\tBasic {LOGIN}",
    "a blank within": f"Basic {LOGIN[:4]} {LOGIN[4:]}",
    "a second word": f"Basic {LOGIN} {LOGIN}",
    "spare bits": "Basic YWRtaW46YTF=",
    "more spare bits": "Basic YWRtaW46YR==",
    "no padding": "Basic YWRtaW46YQ",
    "more padding": f"Basic {LOGIN}====",
    "the alphabet of URLs": "Basic YWRtaW46_-__",
    "nothing": "Basic",
    "a comma before": f", Basic {LOGIN}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_login_has_one_spelling(serve: Serve, nexus: dict[int, Echo], spelling: str) -> None:
    reply = ask_from(serve(), "127.0.0.1", Authorization=SPELLINGS[spelling])
    assert reply.status == 400
    assert "Authorization is neither Basic" in reply.json["errors"][0]["message"]
    assert not nexus[GUI].requests


@pytest.mark.parametrize("password", ["", "a", "ab", "abc", "ü", ":", "x" * 3000, "~" * 64])
def test_every_password_has_that_spelling(serve: Serve, nexus: dict[int, Echo], password: str) -> None:
    reply = ask_from(serve(), "127.0.0.1", Authorization=basic("admin", password))
    assert reply.json["headers"]["Authorization"] == basic("admin", password)


def test_nginx_stores_no_login_on_disk(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"blobCache": {"maxSize": "1g"}})
    secret = basic("jenkins", "a long and secret password")
    for source in ("127.0.0.1", "127.0.0.2"):
        assert ask_from(nginx, source, Authorization=secret).status == 200
    assert not list(files_below(nginx.folder / "logins"))
    assert not [path for path in files_below(nginx.folder) if secret.split()[1].encode() in content(path)]


def test_a_login_is_remembered_under_the_salt_of_the_stack(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200
    assert guesses(nginx, "/service/rest/v1/status", 60)[-1] == 429
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200
    (nginx.folder / LOGIN_SALT_FILE).write_text('map "" $login_salt { default another; }')
    nginx.load(configuration().text, nexus)
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 429


def test_a_login_that_is_no_longer_used_is_forgotten(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    nginx.load(configuration().text.replace("inactive=1h", "inactive=1s"), nexus)
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200
    assert guesses(nginx, "/service/rest/v1/status", 60)[-1] == 429
    while ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200:
        time.sleep(3)
        guesses(nginx, "/service/rest/v1/status", 10)


@pytest.mark.parametrize("value", ["Bearer basic", "Negotiate YWRtaW46YTF=", "Token x", "NuGet-Basic"])
def test_other_schemes_pass(serve: Serve, value: str) -> None:
    assert ask_from(serve(), "127.0.0.1", Authorization=value).json["headers"]["Authorization"] == value


def test_bearer_tokens_are_not_counted(serve: Serve) -> None:
    nginx = serve()
    assert {ask_from(nginx, "127.0.0.1", Authorization=f"Bearer DockerToken.{n}").status for n in range(60)} == {200}


@pytest.mark.parametrize("network", ["2001:db8:1:2:", "2001:db8:0:0:", "2001:db8:0:7:", "2001:0:0:7:"])
def test_the_addresses_of_one_ipv6_network_are_one_client(serve: Serve, network: str) -> None:
    """A load balancer reports them. The last eight bytes are the client's to choose, also as zeros to leave out."""
    nginx = serve({"trustedProxies": ["127.0.0.1"]})

    def guess(address: str) -> int:
        headers = {"X-Forwarded-For": address, "Authorization": basic(f"user-{address}", "summer")}
        return ask_from(nginx, "127.0.0.1", **headers).status

    ends = ("a:{:x}:c:d", "0:0:{:x}:d", "0:0:0:{:x}", "{:x}:0:0:1")
    found = [guess(network + end.format(number)) for number in range(1, 60) for end in ends]
    assert found.count(200) < 80, "three keys, each with its burst"
    assert {guess(f"2001:db8:f:{number:x}::1") for number in range(1, 5)} == {200}
    assert {guess(f"192.0.2.{number}") for number in range(1, 5)} == {200}


def test_the_limit_of_logins_can_be_disabled(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"loginsPerMinute": None}})
    assert set(guesses(nginx, "/v2/", 60)) == {200}
