"""Where runs note what they make (nexus/journal.py), until one has ended well."""

from pathlib import Path

from cli.paths import LOCAL, cache_folder
from cli.stack.stack import Stack


def journal_of(stack: Stack) -> Path:
    """In .local, or in the user's cache for a shared stack."""
    return (LOCAL if stack.is_own else cache_folder()) / "journals" / stack.name
