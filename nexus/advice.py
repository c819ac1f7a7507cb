"""Keys of the stack file and commands for error messages. No other module of nexus/ names any of them."""

import os
import re
import shlex

ENCRYPTION_KEYS = "nexus.encryptionKeys"
REST_ALLOWED_FROM = "nginx.restAllowedFrom"
ALLOW_DATA_LOSS = "allowDataLoss"
DATABASE = "nexus.database"
"""Also the entry of allowDataLoss that allows another database; it needs no name of a repository."""
REALMS = "realms"
LOCKED_OUT = "the next `make up` would be locked out"

_BY_STORE = "REPOSITORY_STORE_STACK"
"""Set by ./store. Without ./store, Pulumi may not be on PATH and may not know where the stack's state is."""
_BY_PULUMI = "PULUMI_STACK"
"""Set by Pulumi for a program and its policies, but not for a provider."""
_CONFIG = re.compile(r"(?:\./store )?\bpulumi config (set|rm)\b(?! --stack)")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PLAIN_WORD = re.compile(r"[\w.@%+=:,/-]+")
_MAKE = re.compile(r"\bmake (up|down|restore)\b(?! STACK=)")
_of_this_process = ""


def name_stack(stack: str) -> None:
    """Makes the commands in messages of this process, which is ./store itself, those for the stack."""
    global _of_this_process
    _of_this_process = stack


def pasteable(text: str) -> str:
    """Names the current stack in the text's commands, since another one may be selected where they are pasted."""
    by_store = _of_this_process or os.environ.get(_BY_STORE)
    stack = by_store or os.environ.get(_BY_PULUMI)
    if not stack:
        return text
    text = _CONFIG.sub(rf"{'./store ' if by_store else ''}pulumi config \1 --stack {stack}", text)
    return _MAKE.sub(rf"make \1 STACK={stack}", text)


def key_at(*path: str | int) -> str:
    """A path as `pulumi config set --path` takes it: `clients["build.domain.org"].ssh` or `retain[0]`.

    In brackets `\\"` is a quote, and every other backslash is itself (ParsePropertyPath of Pulumi's SDK).
    """
    key = ""
    for part in path:
        if isinstance(part, int):
            key += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            key += f".{part}" if key else part
        else:
            key += '["' + part.replace('"', '\\"') + '"]'
    return key


def word(text: str) -> str:
    """A word of a command, quoted if a shell would take it for something else."""
    return text if _PLAIN_WORD.fullmatch(text) else shlex.quote(text)


def setting(key: str, value: str) -> str:
    """The command that sets a key, like `repositories.files.online`."""
    return f"pulumi config set --path {word(key)} {value}"


def entry(key: str, position: int, value: str) -> str:
    """The command that sets one value of a list; at the list's length it appends."""
    return setting(f"{key}[{position}]", ("-- " if value.startswith("-") else "") + word(value))


def repository(name: str, field: str, value: str) -> str:
    """The command that declares a field of a repository, like `storage.blobStoreName`."""
    return setting(key_at("repositories", name, *field.split(".")), word(value))


def password(user: str) -> str:
    """The key of a user's password."""
    return key_at("passwords", user)


def secret(key: str) -> str:
    """The command that asks for a secret."""
    return f"pulumi config set --secret --path {word(key)}"


def give_password(user: str) -> str:
    """The command that asks for a user's password."""
    return secret(password(user))


GIVE_CA = "pulumi config set --path nexus.caBundle < FILE, with the CA certificate that signed it"
GIVE_URL = setting("nexus.url", "https://HOST, the address at which Nexus itself answers")
ALLOW_ANOTHER_DATABASE = (
    f"move it with Sonatype's database migrator (docs/database.md), then {entry(ALLOW_DATA_LOSS, 0, DATABASE)}"
)
ADOPT = "set `adopt: true` there to take it over, or give it another name"
NOT_ASKING = "make preview WITHOUT_SERVER=1 does without"
NO_IMPORT = (
    "pulumi import: it cannot import an object of Nexus. "
    "Fix: declare it in the stack file with adopt: true, then pulumi up"
)
PROTECTED = (
    "the data volume with everything that is stored is protected, and pulumi destroy does not remove it. "
    "Fix: make down STACK=NAME, which asks before it removes content"
)
