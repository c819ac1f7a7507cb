"""Rules for `clients` that depend on the rest of the stack file."""

from collections.abc import Container, Iterator, Mapping

from nexus.advice import give_password, key_at
from nexus.problem import Problem
from stacks.client import Client


def problems(clients: Mapping[str, Client], passwords: Container[str]) -> Iterator[Problem]:
    for name, client in clients.items():
        if client.login and client.login.user not in passwords:
            key = key_at("clients", name, "login", "user")
            given = f"{client.login.user!r} has no password in the stack file"
            fix = give_password(client.login.user)
            yield Problem(key, given, "a user whose secret is under passwords", fix)
