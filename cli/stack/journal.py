"""Where runs record what they create (nexus/journal.py), until one succeeds."""

from pathlib import Path

from cli.paths import LOCAL, cache_folder
from cli.stack.stack import Stack


def journal_of(stack: Stack) -> Path:
    """In .local, or in the user's cache for a shared stack."""
    return (LOCAL if stack.is_own else cache_folder()) / "journals" / stack.name
