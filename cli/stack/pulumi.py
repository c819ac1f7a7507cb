from collections.abc import Mapping
from pathlib import Path

from cli.errors import CommandError
from cli.process import run


def pulumi(
    key: str,
    *arguments: str | Path,
    env: Mapping[str, str],
    seconds: float | None = None,
    text: str | None = None,
) -> str:
    """The output of a Pulumi command; `text` is its standard input.

    Raises:
        CommandError: Pulumi fails; the message has the key and Pulumi's reason.
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    done = run(["pulumi", *arguments], env=env, seconds=seconds, text=text)
    if done.returncode:
        raise CommandError(key, done.stderr.strip().removeprefix("error: "))
    return done.stdout
