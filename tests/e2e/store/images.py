"""Images that are made of the store's own, under other names."""

import sys
from collections.abc import Sequence

from tests.e2e.store.store import Store, run
from tests.support.versions import NEWEST_RELEASE

_LICENSED = f"local/nexus:{NEWEST_RELEASE}"


def commit(image: str, name: str, *changes: str) -> None:
    """Makes an image with another id; `changes` are Dockerfile instructions such as `LABEL of=tests`."""
    container = run(["docker", "create", image]).strip()
    try:
        run(["docker", "commit", *(word for change in changes for word in ("--change", change)), container, name])
    finally:
        run(["docker", "rm", container])


def of_a_licensed_image() -> Sequence[str]:
    """The settings of a stack that runs the stand-in as an image for which the program accepts no licence agreement.

    Its `down` removes the image.
    """
    commit(_built("nexus-stand-in"), _LICENSED, "LABEL of=tests")
    return ("nexus.kind=sonatype", f"nexus.image={_LICENSED}", f"nginx.image={_built('nginx')}")


def accepting(store: Store) -> str:
    """The command that accepts the licence agreement, as `make up` and `make doctor` print it."""
    return (
        f"./store pulumi config set --stack {store.stack} --path nexus.acceptEula true && make up STACK={store.stack}"
    )


def _built(name: str) -> str:
    return run([sys.executable, "-m", "cli.machine", "image", name]).splitlines()[-1]
