"""An `up` that creates many objects without checkpoints recovers from a kill like any other."""

from collections.abc import Iterator

import pytest
import yaml

from tests.e2e.kills.healing import Healing, Kill, hows
from tests.e2e.store.small_store import small_stack

STACK, COUNT = "kills-many", 150
HOW = hows()


@pytest.fixture(scope="module")
def healing() -> Iterator[Healing]:
    with small_stack(STACK) as store:
        file = store.file.with_name(f"Pulumi.{STACK}.topology.yaml")
        topology = yaml.safe_load(file.read_text())
        topology["repositories"] |= {
            f"raw-{number}": {"format": "raw", "type": "hosted", "storage": {"blobStoreName": "files"}}
            for number in range(COUNT)
        }
        file.write_text(yaml.safe_dump(topology))
        yield Healing(store)


# From beyond the first of its two runs of Pulumi, up to the last of the objects.
@pytest.mark.parametrize("step", [170, 260, 340])
def test_the_next_up_knows_the_objects_that_a_killed_one_created(healing: Healing, step: int) -> None:
    killed = healing.up(Kill("up", step, next(HOW)))
    assert killed.was_killed
    assert "without a checkpoint for each" in killed.output
    healing.store.make("down", YES="1")
