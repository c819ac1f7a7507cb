"""python -m cli.machine pulumi | engine | stand-in | image NAME: installs or builds it if missing; prints its path."""

import sys
from collections.abc import Callable, Mapping

from cli.errors import CommandError, Ended
from cli.machine.built_images import ensure_image
from cli.machine.engine import ensure_engine
from cli.machine.stand_in import ensure_stand_in
from cli.machine.toolchain import ensure_pulumi
from lab.images.images import IMAGES


def _pulumi() -> str:
    pulumi = ensure_pulumi()
    return str(pulumi.home.parent) if pulumi.home else ""


def _engine() -> str:
    ensure_engine(None)
    return ""


THINGS: Mapping[str, Callable[[], str]] = {
    "pulumi": _pulumi,
    "engine": _engine,
    "stand-in": lambda: str(ensure_stand_in()),
    **{f"image {name}": lambda name=name: ensure_image(name) for name in IMAGES},  # type: ignore[misc]
}


def main() -> None:
    wanted = " ".join(sys.argv[1:])
    if wanted not in THINGS:
        raise CommandError("python -m cli.machine", "unknown", got=repr(wanted), allowed=", ".join(THINGS))
    print(THINGS[wanted]())


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        print(error, file=sys.stderr)
        sys.exit(error.code)
    except Ended as ended:
        sys.exit(ended.code)
    except KeyboardInterrupt:
        sys.exit("interrupted: finished steps are kept, run the command again to continue")
