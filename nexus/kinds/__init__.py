"""The kinds of object that the provider manages. Another kind is another row."""

from types import MappingProxyType

from nexus.kinds.security import SECURITY
from nexus.kinds.storage import STORAGE
from nexus.kinds.system import SYSTEM

__all__ = ["KINDS"]

KINDS = MappingProxyType({**STORAGE, **SECURITY, **SYSTEM})
