"""A user's passwords are counted from all addresses together, and each of them once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.programs.nginx.conftest import GUI
from tests.integration.programs.nginx.sending import Serve, ask_from, basic
from tests.integration.programs.nginx.server import Echo, Nginx
from tests.integration.programs.nginx.test_guessed_passwords import doors

RIGHT = basic("jenkins", "right")
ATTACKERS = 300


def source(number: int, network: int = 66) -> str:
    return f"127.0.{network + number // 250}.{1 + number % 250}"


def statuses(nginx: Nginx, network: int, logins: list[str]) -> list[int]:
    """What the logins get, each from an address of its own."""
    return [ask_from(nginx, source(n, network), Authorization=login).status for n, login in enumerate(logins)]


@pytest.fixture(autouse=True)
def _asks_for_logins(nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors


def test_a_fleet_of_agents_with_one_login_is_not_limited(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    for _ in range(2):
        assert set(statuses(nginx, 100, [RIGHT] * 600)) == {200}


def test_a_fleet_with_an_old_password_locks_nobody_out(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    assert set(statuses(nginx, 100, [basic("jenkins", "old")] * 300)) == {401}
    assert ask_from(nginx, "127.0.77.1", Authorization=RIGHT).status == 200


NAMES: dict[str, Callable[[int], str]] = {
    "one name": lambda n: "jenkins",
    "capitals": lambda n: "".join(c.upper() if n >> i & 1 else c for i, c in enumerate("jenkins")),
    "blanks": lambda n: " " * (n % 20) + "jenkins" + " " * (n // 20),
    "names with other characters": lambda n: f"jenkins/{n}",
    "long names": lambda n: "j" * (65 + n),
}


@pytest.mark.parametrize("names", NAMES)
def test_guesses_from_many_addresses_are_refused(serve: Serve, nexus: dict[int, Echo], names: str) -> None:
    nginx = serve()
    found = statuses(nginx, 66, [basic(NAMES[names](n), f"guess {n}") for n in range(ATTACKERS)])
    assert set(found[:40]) == {401}
    assert found.count(401) < ATTACKERS / 2
    assert len(nexus[GUI].requests) == found.count(401)
    other = ask_from(nginx, source(0), Authorization=basic("ci-pull", "wrong"))
    assert other.status == 401, "only one user's logins are limited"


def test_while_a_user_is_attacked_its_known_logins_keep_working(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    assert ask_from(nginx, "127.0.77.1", Authorization=RIGHT).status == 200
    assert 429 in statuses(nginx, 66, [basic("jenkins", f"guess {n}") for n in range(ATTACKERS)])
    assert ask_from(nginx, "127.0.77.1", Authorization=RIGHT).status == 200
    assert set(statuses(nginx, 100, [RIGHT] * 50)) == {200}, "agents at addresses that have guessed nothing"


def test_the_limit_does_not_tell_the_right_password_to_who_goes_on(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    assert ask_from(nginx, "127.0.77.1", Authorization=RIGHT).status == 200
    statuses(nginx, 66, [basic("jenkins", f"guess {n}") for n in range(ATTACKERS)])
    refused = [
        address
        for address in (source(n, 90) for n in range(20))
        if ask_from(nginx, address, Authorization=basic("jenkins", f"from {address}")).status == 429
    ]
    assert len(refused) > 10
    assert {ask_from(nginx, address, Authorization=RIGHT).status for address in refused} == {429}


def test_a_right_password_that_nobody_has_used_is_refused_like_a_wrong_one(
    serve: Serve, nexus: dict[int, Echo]
) -> None:
    nginx = serve()
    logins = [*(basic("jenkins", f"guess {n}") for n in range(ATTACKERS)), RIGHT]
    # Many at once: one after the other, a busy machine sends them so slowly that none is refused.
    with ThreadPoolExecutor(16) as attackers:
        asked = [attackers.submit(ask_from, nginx, source(n), Authorization=each) for n, each in enumerate(logins)]
    assert asked[-1].result().status == 429


def test_logins_beside_one_in_the_body_count_for_their_user(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    found = []
    for number in range(ATTACKERS):
        login = basic("jenkins", f"guess {number}")
        path = "/repository/npm-hosted/-/user/x"
        found.append(ask_from(nginx, source(number), path, Authorization=login).status)
    assert found.count(401) < ATTACKERS / 2
