"""The state after an `up` by an older tree as a recording engine has it, for test_upgrade.py; it needs no real engine.

    cd OLDER_TREE && python THIS_FILE <STATE >NEW_STATE

STATE is a file of this folder. The modules are those of the older tree: its program registers its resources, which get
the outputs that they have in STATE.
"""

import json
import sys
from typing import Any

sys.path.insert(0, "")

from tests.unit.program import upgrading


def main(older: dict[str, Any]) -> None:
    state = {each["urn"]: each for each in older["resources"]}
    outputs = {
        upgrading._key(urn): {**upgrading.plain(each["outputs"]), "id": each["id"]} for urn, each in state.items()
    }
    made = upgrading._registered(older["config"], upgrading.Engine(outputs))
    lines = ",\n".join(json.dumps(_resource(urn, inputs, state.get(urn))) for urn, (inputs, _) in made.items())
    print(f'{{"config": {json.dumps(older["config"])},\n"resources": [\n{lines}\n]}}')


def _resource(urn: str, inputs: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    """The older inputs stay below the new ones: a provider's defaults are only in a real state."""
    was = before or {"id": f"{urn.rpartition('::')[2]}-id", "inputs": {}, "outputs": {}}
    return {
        "urn": urn,
        "id": was["id"],
        "inputs": {**was["inputs"], **inputs},
        "outputs": {**was["outputs"], **{key: each for key, each in inputs.items() if ":dynamic/nexus:" in urn}},
    }


if __name__ == "__main__":
    main(json.load(sys.stdin))
