"""Messages of commands. Standard output carries only results, which programs read."""

import sys


def say(text: str) -> None:
    """Prints a progress line to standard error."""
    print(text, file=sys.stderr, flush=True)
