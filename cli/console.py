"""What commands say. Standard output is for results alone, which programs read."""

import sys


def say(text: str) -> None:
    """A line about what is going on, on standard error."""
    print(text, file=sys.stderr, flush=True)
