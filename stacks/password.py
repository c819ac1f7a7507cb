"""Passwords that HTTP, docker and properties files all accept."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _one_line(password: SecretStr) -> SecretStr:
    text = password.get_secret_value()
    if not text or not text.isprintable():
        raise ValueError("a password of printable characters, on one line")
    return password


Password = Annotated[SecretStr, AfterValidator(_one_line)]
