"""The stand-in under the name of another image, for which the program accepts no licence agreement."""

import sys
from collections.abc import Sequence

from tests.e2e.store.store import Store, run

_IMAGE = "local/nexus:3.97.0"


def of_a_licensed_image() -> Sequence[str]:
    """The settings of a stack that runs it; its `down` removes the image."""
    run(["docker", "tag", _built("nexus-stand-in"), _IMAGE])
    return ("nexus.kind=sonatype", f"nexus.image={_IMAGE}", f"nginx.image={_built('nginx')}")


def accepting(store: Store) -> str:
    """The command that accepts the licence agreement, as `make up` and `make doctor` print it."""
    return (
        f"./store pulumi config set --stack {store.stack} --path nexus.acceptEula true && make up STACK={store.stack}"
    )


def _built(name: str) -> str:
    return run([sys.executable, "-m", "cli.machine", "image", name]).splitlines()[-1]
