"""A temporary store that runs an image."""

from collections.abc import Iterator
from contextlib import contextmanager

from stacks import layout
from tests.e2e.store.small_store import small_stack
from tests.e2e.store.store import run

_ADDRESS = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"


@contextmanager
def deployed(image: str) -> Iterator[dict[str, str]]:
    """Deploys it by the README's commands; yields the environment variables of a run."""
    with small_stack("acceptance") as store:
        store.configure("nexus.image", image)
        print(f"make up: {image}", flush=True)
        store.make("up")
        address = run(["docker", "inspect", "--format", _ADDRESS, store.container("nexus")]).strip()
        yield {
            "NEXUS_URL": store.outputs["url"],
            "NEXUS_BEHIND": f"http://{address}:{layout.NEXUS_PORT}",
            "NEXUS_CA": str(store.ca),
            "NEXUS_PASSWORD": store.secret("passwords.admin"),
        }
