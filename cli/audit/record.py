"""A line of Nexus's audit log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from reports.text import line

_AT = "%Y-%m-%d %H:%M:%S,%f%z"
_WHO = "initiator"


@dataclass(frozen=True)
class Record:
    """Who did what."""

    text: str
    """The line as Nexus wrote it."""
    at: datetime
    who: str
    """The user and the client's address; *UNKNOWN without a login, *TASK for Nexus itself."""
    domain: str
    """Nexus's name for the kind of object: security.user, repository, repository.asset, ..."""
    type: str
    context: str
    """The name of the object."""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The record of a line; None if it is none, such as a line that is still being written."""
        try:
            record: Mapping[str, Any] = json.loads(text)
            at = datetime.strptime(str(record["timestamp"]), _AT)
            who, domain, kind = str(record[_WHO]), str(record["domain"]), str(record["type"])
        except (ValueError, KeyError, TypeError):
            return None
        return cls(text, at, who, domain, kind, _context(record))

    @property
    def user(self) -> str:
        return self.who.partition("/")[0]

    def shown(self) -> str:
        """One line for the terminal; names cannot break out of it."""
        words = line(f"{self.domain} {self.type} {self.context}")
        return f"{self.at:%Y-%m-%d %H:%M:%S %Z}  {line(self.who)}  {words}"


def _context(record: Mapping[str, Any]) -> str:
    """The object of the record: a name, content with its repository, or the user whose login was refused."""
    attributes = record.get("attributes")
    found: Mapping[str, Any] = attributes if isinstance(attributes, Mapping) else {}
    name = str(record.get("context") or "")
    if found.get("wasSuccessful") is False:
        return f"{found.get('userId', '')} refused at {found.get('path', '')}"
    return f"{found['repository.name']}{name}" if found.get("repository.name") else name
