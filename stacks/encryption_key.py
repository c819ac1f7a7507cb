import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from stacks.value import Value

_SHORTEST = 16


class EncryptionKey(Value):
    """A key for the passwords that Nexus stores, such as those for remotes; each is stored with its key's `id`."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    key: SecretStr

    @field_validator("key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < _SHORTEST:
            raise ValueError(f"{_SHORTEST} characters or more, like the output of openssl rand -base64 24")
        return key


def key_file(keys: Sequence[EncryptionKey]) -> str:
    """The content of the file NEXUS_SECRETS_KEY_FILE: Nexus encrypts with the last key and decrypts with all."""
    entries = [{"id": each.id, "key": each.key.get_secret_value()} for each in keys]
    return json.dumps({"active": entries[-1]["id"], "keys": entries})
